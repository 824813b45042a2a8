-- Times are integer microseconds since 1970-01-01 UTC, always bound by the program, never read from SQL.
-- Ids are UUIDs as text. The triggers are the last of three guards: type, claim query, trigger (design: I1, I5).

CREATE TABLE organisation (
    slug       TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    time_zone  TEXT NOT NULL
) STRICT;

CREATE TABLE channel (
    slug          TEXT PRIMARY KEY,
    organisation  TEXT NOT NULL REFERENCES organisation (slug),
    platform      TEXT NOT NULL,
    is_primary    INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    -- Not in the configuration any more: nothing is released here.
    retired       INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1)),
    paused_at     INTEGER,
    paused_by     TEXT,
    paused_reason TEXT,
    -- Pacing: nothing is begun before.
    next_at       INTEGER NOT NULL DEFAULT 0,
    CHECK ((paused_at IS NULL) = (paused_by IS NULL) AND (paused_at IS NULL) = (paused_reason IS NULL))
) STRICT;

CREATE UNIQUE INDEX channel_one_primary ON channel (organisation) WHERE is_primary = 1 AND retired = 0;

CREATE TABLE post (
    id              TEXT PRIMARY KEY,
    organisation    TEXT NOT NULL REFERENCES organisation (slug),
    -- The revision that is to be shown.
    revision        INTEGER NOT NULL CHECK (revision >= 1),
    created_at      INTEGER NOT NULL,
    created_by      TEXT NOT NULL,
    expires_at      INTEGER,
    idempotency_key TEXT,
    -- SHA-256 of the whole request, to tell a repeated key from a reused one.
    request_sha256  TEXT NOT NULL,
    cancel_at       INTEGER,
    cancel_by       TEXT,
    cancel_reason   TEXT,
    withdraw_at     INTEGER,
    withdraw_by     TEXT,
    withdraw_reason TEXT,
    UNIQUE (organisation, idempotency_key)
) STRICT;

CREATE INDEX post_by_expiry ON post (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE revision (
    post       TEXT NOT NULL REFERENCES post (id),
    number     INTEGER NOT NULL CHECK (number >= 1),
    content    TEXT NOT NULL CHECK (json_valid(content)),
    title      TEXT NOT NULL,
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (post, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER revision_is_immutable BEFORE UPDATE ON revision
BEGIN SELECT RAISE(ABORT, 'a revision is never changed'); END;
CREATE TRIGGER revision_stays BEFORE DELETE ON revision
BEGIN SELECT RAISE(ABORT, 'a revision is never deleted'); END;

CREATE TABLE delivery (
    id             TEXT PRIMARY KEY,
    post           TEXT NOT NULL REFERENCES post (id),
    organisation   TEXT NOT NULL REFERENCES organisation (slug),
    channel        TEXT NOT NULL REFERENCES channel (slug),
    is_primary     INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    -- Counts up when a deleted primary is published anew.
    number         INTEGER NOT NULL DEFAULT 1 CHECK (number >= 1),
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'queued', 'releasing', 'in_doubt', 'handed',
                                                  'published', 'failed', 'cancelled', 'withdrawn')),
    -- What is to be done next and from when; NULL: nothing by itself.
    action         TEXT CHECK (action IN ('publish', 'edit', 'retract')),
    due_at         INTEGER,
    -- The time that people were told; the order within a channel.
    planned_at     INTEGER NOT NULL,
    -- The officer's own earliest time for this follower.
    not_before     INTEGER,
    -- The revision that stands on the platform.
    shown_revision INTEGER,
    remote_id      TEXT,
    url            TEXT,
    platform_time  INTEGER,
    -- The time the publication counts from: hold of the primary, week of any channel.
    published_at   INTEGER,
    -- Retryable failures in a row, kept across restarts: the back-off.
    tries          INTEGER NOT NULL DEFAULT 0,
    last_reason    TEXT,
    -- Something that only a person settles: nothing is begun while it stands.
    stop_reason    TEXT,
    stop_todo      TEXT,
    -- When a person last confirmed that a primary stands whose deletion cannot be seen.
    confirmed_at   INTEGER,
    -- When the platform was last asked whether it stands already, before a first attempt.
    looked_at      INTEGER,
    lease_by       TEXT,
    lease_until    INTEGER,
    UNIQUE (post, channel, number),
    FOREIGN KEY (post, shown_revision) REFERENCES revision (post, number),
    CHECK ((action IS NULL) = (due_at IS NULL)),
    CHECK ((stop_reason IS NULL) = (stop_todo IS NULL)),
    CHECK (is_primary = 0 OR state NOT IN ('waiting', 'held')),
    CHECK (is_primary = 1 OR state <> 'queued'),
    CHECK ((state IN ('published', 'withdrawn')) = (remote_id IS NOT NULL AND shown_revision IS NOT NULL AND published_at IS NOT NULL)),
    CHECK (action <> 'publish' OR state IN ('queued', 'held')),
    CHECK (action NOT IN ('edit', 'retract') OR state = 'published')
) STRICT;

CREATE INDEX delivery_to_do ON delivery (channel, planned_at, id) WHERE action IS NOT NULL AND stop_reason IS NULL;
CREATE INDEX delivery_unfinished ON delivery (state, channel) WHERE state NOT IN ('published', 'failed', 'cancelled', 'withdrawn');
CREATE INDEX delivery_stopped ON delivery (organisation) WHERE stop_reason IS NOT NULL;
CREATE INDEX delivery_failed ON delivery (organisation) WHERE state = 'failed';
CREATE INDEX delivery_published ON delivery (channel, published_at) WHERE published_at IS NOT NULL;
CREATE UNIQUE INDEX delivery_remote ON delivery (channel, remote_id) WHERE remote_id IS NOT NULL;

CREATE TRIGGER delivery_keeps_its_place
BEFORE UPDATE OF id, post, organisation, channel, is_primary, number ON delivery
BEGIN SELECT RAISE(ABORT, 'a delivery keeps its post, its channel and its role'); END;
CREATE TRIGGER delivery_stays BEFORE DELETE ON delivery
BEGIN SELECT RAISE(ABORT, 'a delivery is never deleted'); END;

-- A hold is made of a confirmation of the primary and lets followers show one revision.
CREATE TABLE hold (
    id             INTEGER PRIMARY KEY,
    post           TEXT NOT NULL,
    revision       INTEGER NOT NULL,
    delivery       TEXT NOT NULL REFERENCES delivery (id),
    from_at        INTEGER NOT NULL,
    hold_seconds   INTEGER NOT NULL CHECK (hold_seconds >= 14400),
    margin_seconds INTEGER NOT NULL CHECK (margin_seconds BETWEEN 0 AND 3600),
    until_at       INTEGER NOT NULL CHECK (until_at = from_at + (hold_seconds + margin_seconds) * 1000000),
    -- suspended: an edit of the primary is under way; ended: another hold took its place, or the primary is gone.
    state          TEXT NOT NULL CHECK (state IN ('running', 'suspended', 'ended')),
    FOREIGN KEY (post, revision) REFERENCES revision (post, number)
) STRICT;

CREATE UNIQUE INDEX hold_one_runs ON hold (post) WHERE state = 'running';
CREATE INDEX hold_of_post ON hold (post, id);

CREATE TRIGGER hold_is_of_a_confirmed_primary BEFORE INSERT ON hold
BEGIN
    SELECT RAISE(ABORT, 'a hold is made of a confirmed primary')
    WHERE NOT EXISTS (
        SELECT 1 FROM delivery d WHERE d.id = NEW.delivery AND d.post = NEW.post AND d.is_primary = 1
          AND d.published_at IS NOT NULL AND d.published_at <= NEW.from_at
    );
END;
CREATE TRIGGER hold_keeps_its_times BEFORE UPDATE OF post, revision, delivery, from_at, hold_seconds, margin_seconds, until_at ON hold
BEGIN SELECT RAISE(ABORT, 'a hold keeps its times'); END;
CREATE TRIGGER hold_stays BEFORE DELETE ON hold
BEGIN SELECT RAISE(ABORT, 'a hold is never deleted'); END;

CREATE TABLE attempt (
    id                TEXT PRIMARY KEY,
    delivery          TEXT NOT NULL REFERENCES delivery (id),
    channel           TEXT NOT NULL REFERENCES channel (slug),
    number            INTEGER NOT NULL CHECK (number >= 1),
    action            TEXT NOT NULL CHECK (action IN ('publish', 'edit', 'retract')),
    revision          INTEGER NOT NULL,
    hold              INTEGER REFERENCES hold (id),
    started_at        INTEGER NOT NULL,
    -- What the platform is about to be told, without secrets; what `find` compares with.
    prepared          TEXT CHECK (prepared IS NULL OR json_valid(prepared)),
    content_sha256    TEXT NOT NULL,
    -- The clocks that were seen before the release of a follower.
    primary_seen_at   INTEGER,
    primary_clock     INTEGER,
    follower_clock    INTEGER,
    lease_by          TEXT NOT NULL,
    lease_until       INTEGER NOT NULL,
    -- open: called or about to be; in_doubt: outcome unknown; settled: outcome known.
    state             TEXT NOT NULL CHECK (state IN ('open', 'in_doubt', 'settled')),
    looks             INTEGER NOT NULL DEFAULT 0,
    look_at           INTEGER,
    asks              TEXT,
    outcome           TEXT,
    reason            TEXT,
    answer_status     INTEGER,
    answer            TEXT,
    ended_at          INTEGER,
    UNIQUE (delivery, number),
    CHECK ((state = 'settled') = (outcome IS NOT NULL AND ended_at IS NOT NULL)),
    CHECK ((state = 'in_doubt') = (look_at IS NOT NULL OR asks IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX attempt_one_open ON attempt (delivery) WHERE state <> 'settled';
CREATE INDEX attempt_unsettled ON attempt (channel, state) WHERE state <> 'settled';
CREATE INDEX attempt_to_look_at ON attempt (look_at) WHERE look_at IS NOT NULL;

CREATE TRIGGER attempt_starts_open BEFORE INSERT ON attempt WHEN NEW.state <> 'open'
BEGIN SELECT RAISE(ABORT, 'an attempt begins open'); END;

-- I1, third guard: whatever the program believes, no attempt on a follower before its hold has passed.
CREATE TRIGGER attempt_respects_hold BEFORE INSERT ON attempt
WHEN NEW.action <> 'retract' AND NOT EXISTS (
    SELECT 1 FROM delivery d JOIN channel c ON c.slug = d.channel
    WHERE d.id = NEW.delivery AND d.is_primary = 1 AND c.is_primary = 1)
BEGIN
    SELECT RAISE(ABORT, 'the hold of this follower has not passed')
    WHERE NOT EXISTS (
        SELECT 1 FROM hold JOIN delivery ON delivery.post = hold.post
        WHERE hold.id = NEW.hold AND delivery.id = NEW.delivery AND hold.state = 'running'
          AND hold.revision = NEW.revision AND hold.until_at <= NEW.started_at
    );
END;
CREATE TRIGGER attempt_intent_is_immutable
BEFORE UPDATE OF id, delivery, channel, number, action, revision, hold, started_at, prepared, content_sha256 ON attempt
BEGIN SELECT RAISE(ABORT, 'what was attempted is never changed'); END;
CREATE TRIGGER attempt_settled_once BEFORE UPDATE ON attempt WHEN OLD.state = 'settled'
BEGIN SELECT RAISE(ABORT, 'a settled attempt is never changed'); END;
CREATE TRIGGER attempt_stays BEFORE DELETE ON attempt
BEGIN SELECT RAISE(ABORT, 'an attempt is never deleted'); END;

CREATE TABLE journal (
    chain    TEXT NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    at       INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    post     TEXT,
    delivery TEXT,
    channel  TEXT,
    -- The canonical form (docs/journal-format.md); the columns before it are an index over it.
    entry    TEXT NOT NULL,
    hash     TEXT NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX journal_by_post ON journal (post, seq) WHERE post IS NOT NULL;
CREATE INDEX journal_by_time ON journal (chain, at);

CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_stays BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- What was said about a week, so that one shortfall makes one warning.
CREATE TABLE week_report (
    channel TEXT NOT NULL REFERENCES channel (slug),
    week    TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('met', 'on_the_way', 'at_risk', 'missed')),
    at      INTEGER NOT NULL,
    PRIMARY KEY (channel, week, verdict)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_by_due ON delivery (due_at) WHERE action IS NOT NULL AND stop_reason IS NULL;
