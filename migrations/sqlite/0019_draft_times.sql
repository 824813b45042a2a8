-- The times that a queued post had when its editing began: one that it was given in between is shown, never overwritten.
-- Drafts of before have none, and are compared by their revision alone.
ALTER TABLE draft ADD COLUMN began_times TEXT CHECK (began_times IS NULL OR json_valid(began_times));
