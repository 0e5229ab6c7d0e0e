-- What reports ask of the ledger's entries. The objects that settle orders have the entries
-- themselves; a row that is lost here is sent again (docs/ledger.md).
CREATE TABLE entries (
    id TEXT PRIMARY KEY, -- SHA-256 of program, event type, order and number
    program TEXT NOT NULL,
    object TEXT NOT NULL, -- which has the entry
    event_type TEXT NOT NULL,
    order_id TEXT NOT NULL,
    number INTEGER NOT NULL, -- which of the order's entries, from 1 on
    kind TEXT NOT NULL, -- recorded, adjusted or reversed
    at INTEGER NOT NULL, -- when it was entered, in milliseconds since 1970, as all instants here
    revision INTEGER NOT NULL, -- 1, and more once its customer is forgotten
    placed_at INTEGER, -- of what was recorded, as all that follows but for amounts and reason
    approve_at INTEGER,
    code_id TEXT,
    typed_code TEXT,
    partner TEXT,
    basis TEXT,
    payout_rule TEXT,
    customer TEXT, -- a keyed hash
    country TEXT,
    currency TEXT,
    subtotal_minor INTEGER, -- what was left after this entry
    discount_minor INTEGER,
    payout_minor INTEGER,
    payout_change_minor INTEGER, -- what this entry changed: sums over entries are what is owed
    reason TEXT, -- of a refund or a reversal, in the merchant's words
    snapshot_id TEXT,
    generation INTEGER
) WITHOUT ROWID, STRICT;

CREATE INDEX entries_of_order ON entries (program, event_type, order_id);
CREATE INDEX entries_by_time ON entries (program, at);
