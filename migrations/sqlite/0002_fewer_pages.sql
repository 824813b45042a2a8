-- What a delivery writes is counted in pages, not in rows: each index that follows its steps is one more page a commit.

-- Deliveries that are not at their end are those that wait, those with something to do, those with an open attempt and
-- those that a person has to settle; all but the first have their index.
DROP INDEX delivery_unfinished;
CREATE INDEX delivery_waiting ON delivery (channel) WHERE state = 'waiting';

-- Nothing goes out before the time that people were told, by which `delivery_to_do` is in order. What is out and is to
-- be changed is little.
DROP INDEX delivery_by_due;
CREATE INDEX delivery_to_change ON delivery (channel, due_at) WHERE action IN ('edit', 'retract') AND stop_reason IS NULL;

-- One hold of a post runs: a rule that `hold_of_post` is enough for.
DROP INDEX hold_one_runs;
CREATE TRIGGER hold_one_runs BEFORE INSERT ON hold WHEN NEW.state = 'running'
BEGIN
    SELECT RAISE(ABORT, 'one hold of a post runs at a time')
    WHERE EXISTS (SELECT 1 FROM hold h WHERE h.post = NEW.post AND h.state = 'running');
END;
CREATE TRIGGER hold_one_runs_again BEFORE UPDATE OF state ON hold WHEN NEW.state = 'running' AND OLD.state <> 'running'
BEGIN
    SELECT RAISE(ABORT, 'one hold of a post runs at a time')
    WHERE EXISTS (SELECT 1 FROM hold h WHERE h.post = NEW.post AND h.state = 'running');
END;

-- Where a day (UTC, counted from 1970) lies in a chain, instead of an index over every row's time.
CREATE TABLE journal_day (
    chain TEXT NOT NULL,
    day   INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    PRIMARY KEY (chain, day)
) STRICT, WITHOUT ROWID;
INSERT INTO journal_day SELECT chain, at / 86400000000, MIN(seq), MAX(seq) FROM journal GROUP BY 1, 2;
CREATE TRIGGER journal_day_grows BEFORE UPDATE ON journal_day
WHEN NEW.chain <> OLD.chain OR NEW.day <> OLD.day OR NEW.first <> OLD.first OR NEW.last < OLD.last
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_day_stays BEFORE DELETE ON journal_day
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
DROP INDEX journal_by_time;
