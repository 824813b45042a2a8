-- Followers that an officer gave a time of their own lie on another day of the calendar than their primary. They are
-- few, and no step of a delivery changes that time: what goes out without one writes no page more for this.
CREATE INDEX delivery_own_time ON delivery (channel, not_before) WHERE not_before IS NOT NULL;
