-- Tells a call whose outcome is unknown from the next one: a person's word about one of them settles no other.
ALTER TABLE delivery ADD COLUMN calls INTEGER NOT NULL DEFAULT 0 CHECK (calls >= 0);
