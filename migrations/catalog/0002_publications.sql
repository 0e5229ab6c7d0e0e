-- What has been published of each programme (docs/admin.md). The publisher alone writes here. What it
-- is about to publish it notes first: one that is lost on the way publishes the same root again.

CREATE TABLE publications (
    program TEXT NOT NULL REFERENCES programs (id),
    generation INTEGER NOT NULL,
    revision INTEGER NOT NULL, -- of the programme, that it shows
    at INTEGER NOT NULL,
    who TEXT NOT NULL, -- whose edit was the last in it
    kind TEXT NOT NULL CHECK (kind IN ('delta', 'refresh', 'base', 'rollback')),
    manifest TEXT NOT NULL,
    manifest_revision INTEGER NOT NULL, -- of the programme, that the manifest shows but for its codes
    codes_revision INTEGER NOT NULL, -- and for its codes; what changed since is in the deltas
    previous TEXT, -- the manifest before it
    base INTEGER NOT NULL, -- generation of the publication that the shards were written for
    shards TEXT CHECK (json_valid(shards)), -- of a base: their ids
    deltas TEXT NOT NULL CHECK (json_valid(deltas)), -- [{"id", "revision"}], the oldest first
    inline BLOB NOT NULL, -- the newest delta
    put_count INTEGER NOT NULL, -- values written to KV for it,
    put_size INTEGER NOT NULL, -- and their bytes
    is_put INTEGER NOT NULL DEFAULT 0 CHECK (is_put IN (0, 1)), -- the root has been written
    is_resumed INTEGER NOT NULL DEFAULT 0 CHECK (is_resumed IN (0, 1)), -- of a rollback: edits go out again
    resumed_by TEXT,
    resumed_at INTEGER,
    -- Whether it can come back: kept; given up, so that what only it names may be deleted; swept.
    keeping TEXT NOT NULL DEFAULT 'kept' CHECK (keeping IN ('kept', 'given_up', 'swept')),
    PRIMARY KEY (program, generation),
    CHECK ((kind = 'base') = (shards IS NOT NULL))
) WITHOUT ROWID, STRICT;

CREATE INDEX publications_kept ON publications (program, generation) WHERE keeping = 'kept';
CREATE INDEX publications_given_up ON publications (program, generation)
WHERE keeping = 'given_up';

-- Programmes share objects: what a fold of one puts, before a publication names it, and what a sweep
-- of another is about to delete. Whoever comes second sees the first.

CREATE TABLE object_claims (
    program TEXT NOT NULL REFERENCES programs (id),
    claim TEXT NOT NULL CHECK (claim IN ('put', 'delete')),
    name TEXT NOT NULL,
    PRIMARY KEY (program, claim, name)
) WITHOUT ROWID, STRICT;

CREATE INDEX object_claims_by_name ON object_claims (name, claim);

-- Shoppers' browsers have the public codes as a part of the manifest: a change of what they are, or
-- of one of them, asks for another.

ALTER TABLE programs ADD COLUMN public_revision INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER public_codes_created AFTER INSERT ON codes WHEN NEW.public = 1
BEGIN
    UPDATE programs SET public_revision = revision WHERE id = NEW.program;
END;

CREATE TRIGGER public_codes_edited AFTER UPDATE ON codes WHEN NEW.public = 1 OR OLD.public = 1
BEGIN
    UPDATE programs SET public_revision = revision WHERE id = NEW.program;
END;

CREATE TRIGGER publications_stay BEFORE DELETE ON publications
BEGIN
    SELECT RAISE(ABORT, 'never_deleted');
END;

CREATE TRIGGER publications_rolled_back AFTER INSERT ON publications WHEN NEW.kind = 'rollback'
BEGIN
    INSERT INTO audit (program, revision, at, who, action, entity, entity_id, before, after)
    SELECT
        id, revision, NEW.at, NEW.who, 'rollback', 'publication', NEW.generation, NULL,
        json_object('manifest', NEW.manifest, 'revision', NEW.revision)
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER publications_resumed AFTER UPDATE OF is_resumed ON publications
WHEN NEW.is_resumed = 1 AND OLD.is_resumed = 0
BEGIN
    INSERT INTO audit (program, revision, at, who, action, entity, entity_id, before, after)
    SELECT
        id, revision, NEW.resumed_at, NEW.resumed_by, 'resume', 'publication', NEW.generation, NULL,
        json_object('manifest', NEW.manifest, 'revision', revision)
    FROM programs WHERE id = NEW.program;
END;
