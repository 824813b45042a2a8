-- What a reason is about is decided where it is given, and never read out of its sentence. What was written before stays
-- without a kind: its sentence alone is shown.
ALTER TABLE delivery ADD COLUMN last_kind TEXT;
ALTER TABLE attempt ADD COLUMN kind TEXT;
