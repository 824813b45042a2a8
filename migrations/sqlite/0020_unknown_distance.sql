-- A distance that nobody can tell is a verdict of its own. The rows are made anew from the journal.

DROP TABLE follower_distance;

-- Every publication on a follower with its distance to the primary, as the journal tells it.
CREATE TABLE follower_distance (
    chain        TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    post         TEXT NOT NULL,
    channel      TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    -- NULL: no primary stands before it, or nobody can tell since when.
    seconds      INTEGER,
    required     INTEGER NOT NULL,
    verdict      TEXT NOT NULL CHECK (verdict IN ('kept', 'broken', 'no_primary', 'unknown')),
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX follower_distance_by_time ON follower_distance (chain, published_at, seconds, verdict, channel);
