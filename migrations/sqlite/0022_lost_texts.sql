-- After an older copy came back the primary may show a text that no revision of the copy has. Where it refuses the text
-- that is given then, the post must not go back to one that it does not show.
ALTER TABLE delivery ADD COLUMN shows_lost_text INTEGER NOT NULL DEFAULT 0 CHECK (shows_lost_text IN (0, 1));
