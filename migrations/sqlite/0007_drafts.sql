-- The revision that an edit of a queued post began from: another one in between is shown, never overwritten.
ALTER TABLE draft ADD COLUMN began_from INTEGER;

-- Everyone who wrote in a draft: none of them approves it.
CREATE TABLE draft_author (
    draft TEXT NOT NULL REFERENCES draft (id),
    name  TEXT NOT NULL,
    PRIMARY KEY (draft, name)
) STRICT, WITHOUT ROWID;

-- What was submitted or approved: what a later text is compared with.
CREATE TABLE draft_version (
    draft   TEXT NOT NULL REFERENCES draft (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    content TEXT NOT NULL CHECK (json_valid(content)),
    at      INTEGER NOT NULL,
    PRIMARY KEY (draft, version)
) STRICT, WITHOUT ROWID;
