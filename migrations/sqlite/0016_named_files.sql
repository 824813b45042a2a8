-- What names a file, so that an upload that nothing names can go. A revision and a version that was submitted never
-- change: what they name stays for good. What a draft names changes with its text.

CREATE TABLE file_for_good (
    sha256 TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE file_of_draft (
    draft  TEXT NOT NULL REFERENCES draft (id),
    sha256 TEXT NOT NULL,
    PRIMARY KEY (draft, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_of_file ON file_of_draft (sha256);

CREATE TRIGGER file_of_revision_for_good AFTER INSERT ON revision
WHEN json_array_length(NEW.content, '$.media') > 0
BEGIN
    INSERT INTO file_for_good (sha256)
    SELECT m.value ->> 'sha256' FROM json_each(NEW.content, '$.media') m
    WHERE m.value ->> 'sha256' IS NOT NULL
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER file_of_version_for_good AFTER INSERT ON draft_version
WHEN json_array_length(NEW.content, '$.media') > 0
BEGIN
    INSERT INTO file_for_good (sha256)
    SELECT m.value ->> 'sha256' FROM json_each(NEW.content, '$.media') m
    WHERE m.value ->> 'sha256' IS NOT NULL
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER file_of_new_draft AFTER INSERT ON draft
WHEN json_array_length(NEW.content, '$.media') > 0
BEGIN
    INSERT INTO file_of_draft (draft, sha256)
    SELECT NEW.id, m.value ->> 'sha256' FROM json_each(NEW.content, '$.media') m
    WHERE m.value ->> 'sha256' IS NOT NULL
    ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER file_of_changed_draft AFTER UPDATE OF content ON draft
BEGIN
    DELETE FROM file_of_draft WHERE draft = NEW.id;
    INSERT INTO file_of_draft (draft, sha256)
    SELECT NEW.id, m.value ->> 'sha256' FROM json_each(NEW.content, '$.media') m
    WHERE m.value ->> 'sha256' IS NOT NULL
    ON CONFLICT DO NOTHING;
END;

INSERT INTO file_for_good (sha256)
SELECT m.value ->> 'sha256' FROM revision r, json_each(r.content, '$.media') m
WHERE m.value ->> 'sha256' IS NOT NULL
ON CONFLICT DO NOTHING;

INSERT INTO file_for_good (sha256)
SELECT m.value ->> 'sha256' FROM draft_version v, json_each(v.content, '$.media') m
WHERE m.value ->> 'sha256' IS NOT NULL
ON CONFLICT DO NOTHING;

INSERT INTO file_of_draft (draft, sha256)
SELECT d.id, m.value ->> 'sha256' FROM draft d, json_each(d.content, '$.media') m
WHERE m.value ->> 'sha256' IS NOT NULL
ON CONFLICT DO NOTHING;
