-- Counts every password that a person chose and every one that was taken from them. Whatever follows from a password that
-- was shown names this number, and is done while it is the same: to compare a password takes time.
ALTER TABLE person ADD COLUMN password_number INTEGER NOT NULL DEFAULT 0;
