-- The files of an organisation: what its people uploaded, and what its posts use. Who may read the organisation may see
-- them; what a file is stands here as it was found in its content, whatever a form says of it.

CREATE TABLE file (
    sha256       TEXT NOT NULL CHECK (length(sha256) = 64),
    organisation TEXT NOT NULL REFERENCES organisation (slug),
    kind         TEXT NOT NULL CHECK (kind IN ('picture', 'document', 'video')),
    mime         TEXT NOT NULL,
    bytes        INTEGER NOT NULL CHECK (bytes >= 0),
    -- Pictures only, in pixels.
    width        INTEGER,
    height       INTEGER,
    -- What its people call it: a label, never a place.
    name         TEXT NOT NULL,
    -- NULL: it came with a post.
    uploaded_by  TEXT REFERENCES person (id),
    uploaded_at  INTEGER,
    PRIMARY KEY (sha256, organisation),
    CHECK ((uploaded_by IS NULL) = (uploaded_at IS NULL)),
    CHECK ((width IS NULL) = (height IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER file_of_revision AFTER INSERT ON revision
WHEN json_array_length(NEW.content, '$.media') > 0
BEGIN
    INSERT INTO file (sha256, organisation, kind, mime, bytes, width, height, name)
    SELECT m.value ->> 'sha256', p.organisation, m.value ->> 'kind', m.value ->> 'mime', m.value ->> 'bytes',
        m.value ->> '$.size[0]', m.value ->> '$.size[1]', m.value ->> 'name'
    FROM post p, json_each(NEW.content, '$.media') m
    WHERE p.id = NEW.post AND length(m.value ->> 'sha256') = 64
    ON CONFLICT DO NOTHING;
END;

INSERT INTO file (sha256, organisation, kind, mime, bytes, width, height, name)
SELECT m.value ->> 'sha256', p.organisation, m.value ->> 'kind', m.value ->> 'mime', m.value ->> 'bytes',
    m.value ->> '$.size[0]', m.value ->> '$.size[1]', m.value ->> 'name'
FROM revision r JOIN post p ON p.id = r.post, json_each(r.content, '$.media') m
WHERE length(m.value ->> 'sha256') = 64
ON CONFLICT DO NOTHING;
