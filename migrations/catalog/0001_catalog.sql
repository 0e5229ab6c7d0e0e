-- The catalogue as people author it, and everything that was ever done to it (docs/admin.md).
--
-- What must hold whoever writes is kept true here: two Workers, or two people, cannot break it.
--   * An edit is one batch. It begins by noting who does what in `programs` and raising the
--     revision there; every row that it touches takes that revision, and triggers write the audit.
--   * A row is only changed by whoever has read its last version: `version` rises by exactly one.
--   * At any instant one folded text is one exact code.
--   * Nothing is deleted, and the audit is never rewritten.
-- Instants are milliseconds since 1970. What is edited as a whole is one document with one
-- version; `event_types`, `contracts` and `payout_groups` are views of those.

CREATE TABLE programs (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL CHECK (json_valid(document)), -- the settings, as contract 2.2 has them
    event_types_document TEXT NOT NULL CHECK (json_valid(event_types_document)),
    name TEXT GENERATED ALWAYS AS (document ->> '$.name') VIRTUAL,
    currency TEXT GENERATED ALWAYS AS (document ->> '$.currency') VIRTUAL,
    time_zone TEXT GENERATED ALWAYS AS (document ->> '$.time_zone') VIRTUAL,
    folding INTEGER GENERATED ALWAYS AS ( -- 1: separators, 2: look-alikes
        (document ->> '$.folding.separators') + 2 * (document ->> '$.folding.lookalikes')
    ) VIRTUAL,
    version INTEGER NOT NULL DEFAULT 1, -- of the settings
    settings_revision INTEGER NOT NULL, -- the revision of their last change
    revision INTEGER NOT NULL, -- of the programme: one more with every edit of anything in it
    edited_by TEXT NOT NULL, -- of the last edit: who,
    edited_at INTEGER NOT NULL, -- when,
    edited_how TEXT NOT NULL -- and what, such as `expire`
) STRICT;

CREATE TABLE partners (
    program TEXT NOT NULL REFERENCES programs (id),
    id TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)), -- with its contracts
    name TEXT GENERATED ALWAYS AS (document ->> '$.name') VIRTUAL,
    version INTEGER NOT NULL DEFAULT 1,
    revision INTEGER NOT NULL,
    PRIMARY KEY (program, id)
) WITHOUT ROWID, STRICT;

CREATE TABLE deals (
    program TEXT NOT NULL REFERENCES programs (id),
    id TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    name TEXT GENERATED ALWAYS AS (document ->> '$.name') VIRTUAL,
    start_at INTEGER, -- the document's dates once more, to be compared
    end_at INTEGER,
    sync_codes INTEGER NOT NULL GENERATED ALWAYS AS (document ->> '$.sync_codes') VIRTUAL,
    version INTEGER NOT NULL DEFAULT 1,
    revision INTEGER NOT NULL,
    PRIMARY KEY (program, id)
) WITHOUT ROWID, STRICT;

CREATE TABLE exception_lists (
    program TEXT NOT NULL REFERENCES programs (id),
    id TEXT NOT NULL,
    document TEXT NOT NULL CHECK (json_valid(document)),
    name TEXT GENERATED ALWAYS AS (document ->> '$.name') VIRTUAL,
    version INTEGER NOT NULL DEFAULT 1,
    revision INTEGER NOT NULL,
    PRIMARY KEY (program, id)
) WITHOUT ROWID, STRICT;

CREATE TABLE codes (
    program TEXT NOT NULL REFERENCES programs (id),
    id TEXT NOT NULL,
    text TEXT NOT NULL, -- as authored: the code, or the pattern
    folded TEXT NOT NULL, -- what exact codes are compared by; of a pattern, what it is searched by
    folding INTEGER NOT NULL, -- the programme's, when the text was folded
    hash BLOB, -- of an exact code's folded text, under the programme's key
    match_type TEXT NOT NULL CHECK (match_type IN ('exact', 'regex')),
    kind TEXT NOT NULL CHECK (kind IN ('tracking', 'restricted')),
    credit_policy TEXT CHECK (credit_policy IN ('always', 'involved', 'winner')),
    owner TEXT,
    deal TEXT,
    start_at INTEGER,
    end_at INTEGER, -- as authored,
    expired_at INTEGER, -- and as somebody ended it; the earlier of the two counts
    time_zone TEXT,
    max_redemptions INTEGER,
    max_redemptions_per_customer INTEGER,
    public INTEGER NOT NULL CHECK (public IN (0, 1)),
    comments TEXT,
    created_at INTEGER NOT NULL,
    upload TEXT, -- the bulk file that it came in
    version INTEGER NOT NULL DEFAULT 1,
    revision INTEGER NOT NULL,
    created_revision INTEGER NOT NULL, -- with the audit: how the codes stood at any revision
    starts_at INTEGER NOT NULL GENERATED ALWAYS AS (
        coalesce(start_at, -9007199254740991)
    ) VIRTUAL,
    ends_at INTEGER NOT NULL GENERATED ALWAYS AS (
        min(coalesce(end_at, 9007199254740991), coalesce(expired_at, 9007199254740991))
    ) VIRTUAL,
    PRIMARY KEY (program, id),
    FOREIGN KEY (program, owner) REFERENCES partners (program, id),
    FOREIGN KEY (program, deal) REFERENCES deals (program, id),
    CHECK ((kind = 'tracking') = (owner IS NOT NULL AND credit_policy IS NOT NULL)),
    CHECK ((match_type = 'exact') = (hash IS NOT NULL))
) STRICT; -- With row ids: without them the planner takes half of the key for an index by text.

CREATE INDEX codes_by_text ON codes (program, folded, id);
CREATE INDEX codes_by_creation ON codes (program, created_at, id);
CREATE INDEX codes_by_start ON codes (program, starts_at, id);
CREATE INDEX codes_by_end ON codes (program, ends_at, id);
CREATE INDEX codes_by_owner ON codes (program, owner, created_at, id);
CREATE INDEX codes_by_deal ON codes (program, deal, created_at, id);
CREATE INDEX codes_by_upload ON codes (program, upload, created_at, id) WHERE upload IS NOT NULL;
CREATE INDEX codes_by_revision ON codes (program, revision);
CREATE INDEX codes_by_hash ON codes (program, hash) WHERE hash IS NOT NULL;
CREATE INDEX public_codes ON codes (program, id) WHERE public = 1;
CREATE INDEX regex_codes ON codes (program, id) WHERE match_type = 'regex';

CREATE TABLE code_requests (
    program TEXT NOT NULL REFERENCES programs (id),
    id TEXT NOT NULL,
    partner TEXT NOT NULL,
    deal TEXT,
    codes TEXT NOT NULL CHECK (json_valid(codes)), -- suggested texts, the first most wanted
    needed_by INTEGER,
    note TEXT,
    requested_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'approved', 'declined')),
    code TEXT, -- id of the code that was made for it
    answer TEXT, -- what the partner is told
    decided_by TEXT,
    decided_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    revision INTEGER NOT NULL,
    PRIMARY KEY (program, id),
    FOREIGN KEY (program, partner) REFERENCES partners (program, id),
    FOREIGN KEY (program, deal) REFERENCES deals (program, id),
    FOREIGN KEY (program, code) REFERENCES codes (program, id),
    CHECK ((state = 'approved') = (code IS NOT NULL))
) WITHOUT ROWID, STRICT;

CREATE INDEX code_requests_by_time ON code_requests (program, requested_at, id);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    program TEXT NOT NULL,
    revision INTEGER NOT NULL, -- the edit's
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    entity TEXT NOT NULL, -- program, partner, deal, exception_list, code or request
    entity_id TEXT NOT NULL,
    before TEXT, -- nothing: it was created
    after TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_time ON audit (program, at, id);
CREATE INDEX audit_of_kind ON audit (program, entity, at, id);
CREATE INDEX audit_of_entity ON audit (program, entity, entity_id, at, id);

-- What documents hold, row by row.

CREATE VIEW event_types AS
SELECT
    programs.id AS program,
    event.key AS position,
    event.value ->> '$.id' AS id,
    event.value ->> '$.promo_codes' AS promo_codes
FROM programs, json_each(programs.event_types_document) AS event;

CREATE VIEW contracts AS
SELECT
    partners.program,
    partners.id AS partner,
    contract.key AS position,
    contract.value ->> '$.id' AS id,
    contract.value ->> '$.start_at' AS start_at, -- RFC 3339, as is `end_at`
    contract.value ->> '$.end_at' AS end_at,
    contract.value ->> '$.referral_window_days' AS referral_window_days,
    contract.value -> '$.event_types' AS event_types,
    contract.value -> '$.payout' AS payout
FROM partners, json_each(partners.document, '$.contracts') AS contract;

CREATE VIEW payout_groups AS
SELECT
    contracts.program,
    contracts.partner,
    contracts.id AS contract,
    rate.key AS position,
    rate.value ->> '$.name' AS name,
    rate.value -> '$.when' AS criteria,
    rate.value ->> '$.rate_bps' AS rate_bps,
    rate.value ->> '$.amount_minor' AS amount_minor,
    rate.value ->> '$.currency' AS currency
FROM contracts, json_each(contracts.payout, '$.groups') AS rate;

-- Two people's edits of one thing: the second one has to read the first.

CREATE TRIGGER programs_version BEFORE UPDATE OF document, event_types_document ON programs
WHEN NEW.version <> OLD.version + 1
BEGIN
    SELECT RAISE(ABORT, 'version_conflict');
END;

CREATE TRIGGER partners_version BEFORE UPDATE ON partners
WHEN NEW.version <> OLD.version + 1
BEGIN
    SELECT RAISE(ABORT, 'version_conflict');
END;

CREATE TRIGGER deals_version BEFORE UPDATE ON deals
WHEN NEW.version <> OLD.version + 1
BEGIN
    SELECT RAISE(ABORT, 'version_conflict');
END;

CREATE TRIGGER exception_lists_version BEFORE UPDATE ON exception_lists
WHEN NEW.version <> OLD.version + 1
BEGIN
    SELECT RAISE(ABORT, 'version_conflict');
END;

CREATE TRIGGER codes_version BEFORE UPDATE ON codes
WHEN NEW.version <> OLD.version + 1
BEGIN
    SELECT RAISE(ABORT, 'version_conflict');
END;

CREATE TRIGGER code_requests_version BEFORE UPDATE ON code_requests
WHEN NEW.version <> OLD.version + 1
BEGIN
    SELECT RAISE(ABORT, 'version_conflict');
END;

-- One exact code to a text at a time, by the codes' own schedules: then no edit of a deal can make
-- two codes meet.

CREATE TRIGGER codes_do_not_meet BEFORE INSERT ON codes
WHEN NEW.match_type = 'exact' AND EXISTS (
    SELECT 1 FROM codes AS other
    WHERE other.program = NEW.program AND other.folded = NEW.folded
    AND other.match_type = 'exact' AND other.id <> NEW.id
    AND max(other.starts_at, coalesce(NEW.start_at, -9007199254740991)) < min(
        other.ends_at,
        coalesce(NEW.end_at, 9007199254740991),
        coalesce(NEW.expired_at, 9007199254740991)
    )
)
BEGIN
    SELECT RAISE(ABORT, 'code_conflict');
END;

CREATE TRIGGER codes_do_not_come_to_meet BEFORE UPDATE OF start_at, end_at, expired_at ON codes
WHEN NEW.match_type = 'exact' AND EXISTS (
    SELECT 1 FROM codes AS other
    WHERE other.program = NEW.program AND other.folded = NEW.folded
    AND other.match_type = 'exact' AND other.id <> NEW.id
    AND max(other.starts_at, coalesce(NEW.start_at, -9007199254740991)) < min(
        other.ends_at,
        coalesce(NEW.end_at, 9007199254740991),
        coalesce(NEW.expired_at, 9007199254740991)
    )
)
BEGIN
    SELECT RAISE(ABORT, 'code_conflict');
END;

-- A code stays what it is: another owner is another code.

CREATE TRIGGER codes_stay_themselves BEFORE UPDATE ON codes
WHEN (NEW.program, NEW.id, NEW.text, NEW.folded, NEW.hash, NEW.match_type, NEW.kind)
    IS NOT (OLD.program, OLD.id, OLD.text, OLD.folded, OLD.hash, OLD.match_type, OLD.kind)
    OR (NEW.credit_policy, NEW.owner, NEW.created_at, NEW.upload, NEW.created_revision)
    IS NOT (OLD.credit_policy, OLD.owner, OLD.created_at, OLD.upload, OLD.created_revision)
BEGIN
    SELECT RAISE(ABORT, 'code_identity');
END;

CREATE TRIGGER codes_stay BEFORE DELETE ON codes
BEGIN
    SELECT RAISE(ABORT, 'never_deleted');
END;

-- What contracts cover is an event type of the programme, whichever of the two is edited.

CREATE TRIGGER covered_event_types_stay BEFORE UPDATE OF event_types_document ON programs
WHEN EXISTS (
    SELECT 1 FROM contracts, json_each(contracts.event_types) AS covered
    WHERE contracts.program = NEW.id AND covered.value NOT IN (
        SELECT event.value ->> '$.id' FROM json_each(NEW.event_types_document) AS event
    )
)
BEGIN
    SELECT RAISE(ABORT, 'reference_conflict');
END;

CREATE TRIGGER new_contracts_cover_event_types BEFORE INSERT ON partners
WHEN EXISTS (
    SELECT 1 FROM json_each(NEW.document, '$.contracts') AS contract,
        json_each(contract.value, '$.event_types') AS covered
    WHERE covered.value NOT IN (SELECT id FROM event_types WHERE program = NEW.program)
)
BEGIN
    SELECT RAISE(ABORT, 'reference_conflict');
END;

CREATE TRIGGER contracts_cover_event_types BEFORE UPDATE OF document ON partners
WHEN EXISTS (
    SELECT 1 FROM json_each(NEW.document, '$.contracts') AS contract,
        json_each(contract.value, '$.event_types') AS covered
    WHERE covered.value NOT IN (SELECT id FROM event_types WHERE program = NEW.program)
)
BEGIN
    SELECT RAISE(ABORT, 'reference_conflict');
END;

-- All patterns of a programme are made into one automaton, also those that are over: shoppers are
-- told so. What that takes is bounded.

CREATE TRIGGER patterns_are_not_too_many BEFORE INSERT ON codes
WHEN NEW.match_type = 'regex' AND (
    SELECT count(*) FROM codes WHERE program = NEW.program AND match_type = 'regex'
) >= 2000
BEGIN
    SELECT RAISE(ABORT, 'pattern_limit');
END;

-- How codes are folded does not change under them.

CREATE TRIGGER folding_stays BEFORE UPDATE OF document ON programs
WHEN (NEW.document -> '$.folding') <> (OLD.document -> '$.folding')
    AND EXISTS (SELECT 1 FROM codes WHERE program = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'folding_conflict');
END;

CREATE TRIGGER codes_are_folded_alike BEFORE INSERT ON codes
WHEN NEW.folding <> (SELECT folding FROM programs WHERE id = NEW.program)
BEGIN
    SELECT RAISE(ABORT, 'folding_conflict');
END;

-- The audit writes itself.

CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'append_only');
END;

CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'append_only');
END;

CREATE TRIGGER programs_created AFTER INSERT ON programs
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'program',
        NEW.id,
        NULL,
        json_set(NEW.document, '$.event_types', json(NEW.event_types_document))
    FROM programs WHERE id = NEW.id;
END;

CREATE TRIGGER programs_edited AFTER UPDATE OF document, event_types_document ON programs
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'program',
        NEW.id,
        json_set(OLD.document, '$.event_types', json(OLD.event_types_document)),
        json_set(NEW.document, '$.event_types', json(NEW.event_types_document))
    FROM programs WHERE id = NEW.id;
END;

CREATE TRIGGER partners_created AFTER INSERT ON partners
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'partner',
        NEW.id,
        NULL,
        NEW.document
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER partners_edited AFTER UPDATE ON partners
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'partner',
        NEW.id,
        OLD.document,
        NEW.document
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER deals_created AFTER INSERT ON deals
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'deal',
        NEW.id,
        NULL,
        NEW.document
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER deals_edited AFTER UPDATE ON deals
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'deal',
        NEW.id,
        OLD.document,
        NEW.document
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER exception_lists_created AFTER INSERT ON exception_lists
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'exception_list',
        NEW.id,
        NULL,
        NEW.document
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER exception_lists_edited AFTER UPDATE ON exception_lists
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'exception_list',
        NEW.id,
        OLD.document,
        NEW.document
    FROM programs WHERE id = NEW.program;
END;

-- Of a bulk file the upload is one entry; its rows say which file they came in.

CREATE TRIGGER codes_created AFTER INSERT ON codes
WHEN NEW.upload IS NULL
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'code',
        NEW.id,
        NULL,
        json_object(
            'code', NEW.text,
            'match_type', NEW.match_type,
            'kind', NEW.kind,
            'credit_policy', NEW.credit_policy,
            'owner', NEW.owner,
            'deal', NEW.deal,
            'start_at', NEW.start_at,
            'end_at', NEW.end_at,
            'expired_at', NEW.expired_at,
            'time_zone', NEW.time_zone,
            'max_redemptions', NEW.max_redemptions,
            'max_redemptions_per_customer', NEW.max_redemptions_per_customer,
            'public', json(iif(NEW.public, 'true', 'false')),
            'comments', NEW.comments,
            'created_at', NEW.created_at
        )
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER codes_edited AFTER UPDATE ON codes
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'code',
        NEW.id,
        json_object(
            'code', OLD.text,
            'match_type', OLD.match_type,
            'kind', OLD.kind,
            'credit_policy', OLD.credit_policy,
            'owner', OLD.owner,
            'deal', OLD.deal,
            'start_at', OLD.start_at,
            'end_at', OLD.end_at,
            'expired_at', OLD.expired_at,
            'time_zone', OLD.time_zone,
            'max_redemptions', OLD.max_redemptions,
            'max_redemptions_per_customer', OLD.max_redemptions_per_customer,
            'public', json(iif(OLD.public, 'true', 'false')),
            'comments', OLD.comments,
            'created_at', OLD.created_at
        ),
        json_object(
            'code', NEW.text,
            'match_type', NEW.match_type,
            'kind', NEW.kind,
            'credit_policy', NEW.credit_policy,
            'owner', NEW.owner,
            'deal', NEW.deal,
            'start_at', NEW.start_at,
            'end_at', NEW.end_at,
            'expired_at', NEW.expired_at,
            'time_zone', NEW.time_zone,
            'max_redemptions', NEW.max_redemptions,
            'max_redemptions_per_customer', NEW.max_redemptions_per_customer,
            'public', json(iif(NEW.public, 'true', 'false')),
            'comments', NEW.comments,
            'created_at', NEW.created_at
        )
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER code_requests_created AFTER INSERT ON code_requests
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'request',
        NEW.id,
        NULL,
        json_object(
            'partner', NEW.partner,
            'deal', NEW.deal,
            'codes', json(NEW.codes),
            'needed_by', NEW.needed_by,
            'note', NEW.note,
            'state', NEW.state,
            'code', NEW.code,
            'answer', NEW.answer
        )
    FROM programs WHERE id = NEW.program;
END;

CREATE TRIGGER code_requests_edited AFTER UPDATE ON code_requests
BEGIN
    INSERT INTO audit (
        program, revision, at, who, action, entity, entity_id, before, after
    )
    SELECT
        id,
        revision,
        edited_at,
        edited_by,
        edited_how,
        'request',
        NEW.id,
        json_object(
            'partner', OLD.partner,
            'deal', OLD.deal,
            'codes', json(OLD.codes),
            'needed_by', OLD.needed_by,
            'note', OLD.note,
            'state', OLD.state,
            'code', OLD.code,
            'answer', OLD.answer
        ),
        json_object(
            'partner', NEW.partner,
            'deal', NEW.deal,
            'codes', json(NEW.codes),
            'needed_by', NEW.needed_by,
            'note', NEW.note,
            'state', NEW.state,
            'code', NEW.code,
            'answer', NEW.answer
        )
    FROM programs WHERE id = NEW.program;
END;
