-- What auditors look through: an index over the journal, which the program keeps a little behind it and makes anew
-- whenever its form changes. Nothing is believed because it stands here: what is found is read from the journal.

CREATE TABLE journal_index (
    chain  TEXT PRIMARY KEY,
    -- The upper part of the numbers that the chain's rows have in `journal_words`; the lower 40 bits are the place.
    number INTEGER NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 4000000),
    -- How the rows were made: others are made anew.
    form   INTEGER NOT NULL,
    -- Rows up to this place are in the index.
    upto   INTEGER NOT NULL CHECK (upto >= 0)
) STRICT, WITHOUT ROWID;

-- Words stand here as their stems and without the texts they are of. Marks are what is chosen and not searched: kind,
-- channel, post.
CREATE VIRTUAL TABLE journal_words USING fts5 (
    words, actor, marks, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 0'
);

-- Every publication on a follower with its distance to the primary, as the journal tells it.
CREATE TABLE follower_distance (
    chain        TEXT NOT NULL,
    seq          INTEGER NOT NULL,
    post         TEXT NOT NULL,
    channel      TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    -- NULL: no primary stands before it.
    seconds      INTEGER,
    required     INTEGER NOT NULL,
    verdict      TEXT NOT NULL CHECK (verdict IN ('kept', 'broken', 'no_primary')),
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX follower_distance_by_time ON follower_distance (chain, published_at, seconds, verdict, channel);
