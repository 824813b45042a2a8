-- What failed is read by the time it was planned for: the last sixty days of what an organisation needs a person for,
-- and a page of the calendar.
DROP INDEX delivery_failed;
CREATE INDEX delivery_failed ON delivery (organisation, planned_at) WHERE state = 'failed';
