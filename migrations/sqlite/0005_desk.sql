-- The desk: who may do what, and posts before they are queued.
-- Passwords are argon2id strings (PHC format); every other secret (session, invitation, token) lies here as its SHA-256.

CREATE TABLE person (
    id          TEXT PRIMARY KEY,
    -- What is typed at the door, lower case.
    login       TEXT NOT NULL UNIQUE CHECK (login = lower(login) AND length(login) BETWEEN 1 AND 100),
    -- What stands in the journal.
    name        TEXT NOT NULL UNIQUE,
    -- NULL: an invitation is open, or was never used.
    password    TEXT CHECK (password LIKE '$argon2id$%'),
    language    TEXT NOT NULL DEFAULT 'ru' CHECK (language IN ('ru', 'en')),
    created_at  INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

CREATE TABLE person_role (
    person       TEXT NOT NULL REFERENCES person (id),
    -- NULL: all organisations.
    organisation TEXT REFERENCES organisation (slug),
    role         TEXT NOT NULL CHECK (role IN ('officer', 'editor', 'auditor', 'administrator')),
    CHECK (organisation IS NOT NULL OR role IN ('auditor', 'administrator'))
) STRICT;
CREATE UNIQUE INDEX person_role_once ON person_role (person, role, COALESCE(organisation, ''));

-- A one-time address: the first administrator's, a new person's, or a new password's.
CREATE TABLE invitation (
    secret_sha256 TEXT PRIMARY KEY CHECK (length(secret_sha256) = 64),
    -- NULL: whoever opens it becomes the first administrator.
    person        TEXT REFERENCES person (id),
    made_at       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    used_at       INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_of_person ON invitation (person) WHERE person IS NOT NULL;

-- Real time throughout, whatever the clock of a demonstration says.
CREATE TABLE session (
    id_sha256  TEXT PRIMARY KEY CHECK (length(id_sha256) = 64),
    -- NULL: nobody has signed in here yet.
    person     TEXT REFERENCES person (id),
    data       TEXT NOT NULL CHECK (json_valid(data)),
    address    TEXT,
    agent      TEXT,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_person ON session (person) WHERE person IS NOT NULL;
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE api_token (
    id            TEXT PRIMARY KEY,
    person        TEXT NOT NULL REFERENCES person (id),
    -- What its owner calls it.
    label         TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL UNIQUE CHECK (length(secret_sha256) = 64),
    -- The most that it may do, within what its owner may do.
    role          TEXT NOT NULL CHECK (role IN ('officer', 'editor', 'auditor', 'administrator')),
    -- NULL: wherever its owner may.
    organisation  TEXT REFERENCES organisation (slug),
    made_at       INTEGER NOT NULL,
    expires_at    INTEGER,
    used_at       INTEGER,
    revoked_at    INTEGER
) STRICT;
CREATE INDEX api_token_of_person ON api_token (person);

-- A post that is being written, or a new text for one that was queued.
CREATE TABLE draft (
    id           TEXT PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisation (slug),
    -- The queued post that gets this as its next revision; NULL: a new post.
    edits        TEXT REFERENCES post (id),
    -- Counts every save: a save that knows an older one is shown the newer one.
    version      INTEGER NOT NULL CHECK (version >= 1),
    -- As typed: a draft may be wrong, a post may not.
    content      TEXT NOT NULL CHECK (json_valid(content)),
    title        TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'queued', 'discarded')),
    created_at   INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    changed_at   INTEGER NOT NULL,
    changed_by   TEXT NOT NULL,
    submitted_at INTEGER,
    submitted_by TEXT,
    -- An approval is of one version; saving another takes it back.
    approved_version INTEGER,
    approved_at  INTEGER,
    approved_by  TEXT,
    -- The post that came of it.
    post         TEXT REFERENCES post (id),
    CHECK ((approved_version IS NULL) = (approved_at IS NULL) AND (approved_at IS NULL) = (approved_by IS NULL)),
    CHECK (state <> 'approved' OR approved_version = version),
    CHECK ((state = 'queued') = (post IS NOT NULL))
) STRICT;
CREATE INDEX draft_open ON draft (organisation, changed_at) WHERE state IN ('draft', 'submitted', 'approved');
CREATE INDEX draft_of_edited ON draft (edits) WHERE edits IS NOT NULL;
CREATE INDEX draft_of_post ON draft (post) WHERE post IS NOT NULL;

CREATE TABLE draft_comment (
    id      TEXT PRIMARY KEY,
    draft   TEXT NOT NULL REFERENCES draft (id),
    -- What was commented on.
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    author  TEXT NOT NULL,
    text    TEXT NOT NULL
) STRICT;
CREATE INDEX draft_comment_of_draft ON draft_comment (draft, at);
