-- Bulk files (docs/admin.md): every row stands here with what it will become, until somebody accepts
-- all of them or none. The file itself is with the object that checks it.

CREATE TABLE uploads (
    program TEXT NOT NULL REFERENCES programs (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL, -- bytes
    state TEXT NOT NULL DEFAULT 'checking' CHECK (
        state IN ('checking', 'previewed', 'accepting', 'accepted', 'refused', 'discarded')
    ),
    folding INTEGER, -- the programme's, when the rows were folded
    rows_total INTEGER,
    rows_done INTEGER NOT NULL DEFAULT 0, -- checked
    rows_ok INTEGER NOT NULL DEFAULT 0,
    rows_warned INTEGER NOT NULL DEFAULT 0, -- of those that are ok
    rows_bad INTEGER NOT NULL DEFAULT 0,
    problems TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(problems)), -- why it was refused,
    notices TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notices)), -- and what was not a reason to
    uploaded_by TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL, -- its codes' creation, too
    kept_until INTEGER NOT NULL, -- nobody has accepted it until then: it is discarded
    decided_by TEXT,
    decided_at INTEGER,
    PRIMARY KEY (program, id)
) WITHOUT ROWID, STRICT;

CREATE INDEX uploads_by_time ON uploads (program, uploaded_at, id);

CREATE TABLE upload_rows (
    program TEXT NOT NULL,
    upload TEXT NOT NULL,
    line INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'warned', 'bad')),
    cells TEXT NOT NULL CHECK (json_valid(cells)), -- [header, value] of each column
    complaints TEXT NOT NULL CHECK (json_valid(complaints)),
    -- The code, as `codes` will have it; of a row that can be none, nothing.
    id TEXT,
    text TEXT,
    folded TEXT,
    hash BLOB,
    match_type TEXT,
    kind TEXT,
    credit_policy TEXT,
    owner TEXT,
    deal TEXT,
    start_at INTEGER, -- as authored
    succeeds_at INTEGER, -- the start it gets where its text has been another code's
    end_at INTEGER,
    time_zone TEXT,
    PRIMARY KEY (program, upload, line),
    FOREIGN KEY (program, upload) REFERENCES uploads (program, id),
    CHECK (outcome = 'bad' OR id IS NOT NULL)
) WITHOUT ROWID, STRICT;

CREATE INDEX upload_rows_to_read ON upload_rows (program, upload, outcome, line)
WHERE outcome <> 'ok';

-- Accepted is once, and only what was asked to be and has nothing wrong with it.

CREATE TRIGGER uploads_are_accepted_once BEFORE UPDATE OF state ON uploads
WHEN NEW.state = 'accepted' AND (OLD.state <> 'accepting' OR OLD.rows_bad > 0)
BEGIN
    SELECT RAISE(ABORT, 'version_conflict');
END;

CREATE TRIGGER uploads_stay BEFORE DELETE ON uploads
BEGIN
    SELECT RAISE(ABORT, 'never_deleted');
END;

-- Nothing of the catalogue changes then, and so it is no edit of its own.
CREATE TRIGGER uploads_discarded AFTER UPDATE OF state ON uploads
WHEN NEW.state = 'discarded' AND NEW.decided_by IS NOT NULL
BEGIN
    INSERT INTO audit (program, revision, at, who, action, entity, entity_id, before, after)
    SELECT
        id,
        revision,
        NEW.decided_at,
        NEW.decided_by,
        'discard',
        'upload',
        NEW.id,
        NULL,
        json_object('name', NEW.name, 'size', NEW.size, 'rows', NEW.rows_done)
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER uploads_accepted AFTER UPDATE OF state ON uploads WHEN NEW.state = 'accepted'
BEGIN
    INSERT INTO audit (program, revision, at, who, action, entity, entity_id, before, after)
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'upload',
        NEW.id,
        NULL,
        json_object(
            'name', NEW.name,
            'size', NEW.size,
            'codes', NEW.rows_ok,
            'uploaded_by', NEW.uploaded_by,
            'uploaded_at', NEW.uploaded_at
        )
    FROM programs WHERE id = NEW.program;
END;
