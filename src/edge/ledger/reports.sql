-- Read once: as text each of the paths below would have the entry parsed again.
WITH arrived (entry) AS MATERIALIZED (SELECT jsonb(value) FROM json_each(?1))
INSERT INTO entries (
    id, program, object, event_type, order_id, number, kind, at, revision,
    placed_at, approve_at, code_id, typed_code, partner, basis, payout_rule, customer, country,
    currency, subtotal_minor, discount_minor, payout_minor, payout_change_minor, reason,
    snapshot_id, generation
)
SELECT
    entry ->> '$.id',
    entry ->> '$.program',
    entry ->> '$.object',
    entry ->> '$.event_type',
    entry ->> '$.order_id',
    entry ->> '$.entry.number',
    entry ->> '$.entry.kind',
    entry ->> '$.entry.at',
    entry ->> '$.entry.revision',
    entry ->> '$.entry.body.placed_at',
    entry ->> '$.entry.body.approve_at',
    entry ->> '$.entry.body.decision.code.id',
    entry ->> '$.entry.body.decision.code.typed',
    entry ->> '$.entry.body.decision.credited.partner',
    entry ->> '$.entry.body.decision.credited.basis',
    entry ->> '$.entry.body.decision.payout.rule',
    entry ->> '$.entry.body.order.customer_id',
    entry ->> '$.entry.body.order.country',
    entry ->> '$.entry.body.order.currency',
    coalesce(
        entry ->> '$.entry.body.order.subtotal_minor', entry ->> '$.entry.body.subtotal_minor'
    ),
    coalesce(
        entry ->> '$.entry.body.order.discount_minor', entry ->> '$.entry.body.discount_minor'
    ),
    coalesce(
        entry ->> '$.entry.body.decision.payout.amount_minor', entry ->> '$.entry.body.payout_minor'
    ),
    coalesce(
        entry ->> '$.entry.body.decision.payout.amount_minor',
        entry ->> '$.entry.body.payout_change_minor'
    ),
    entry ->> '$.entry.body.reason',
    entry ->> '$.entry.body.decision.snapshot.id',
    entry ->> '$.entry.body.generation'
FROM arrived
WHERE true
-- All of it, of the same revision, too: sending an entry again mends a row that somebody edited.
ON CONFLICT (id) DO UPDATE SET
    program = excluded.program,
    object = excluded.object,
    event_type = excluded.event_type,
    order_id = excluded.order_id,
    number = excluded.number,
    kind = excluded.kind,
    at = excluded.at,
    revision = excluded.revision,
    placed_at = excluded.placed_at,
    approve_at = excluded.approve_at,
    code_id = excluded.code_id,
    typed_code = excluded.typed_code,
    partner = excluded.partner,
    basis = excluded.basis,
    payout_rule = excluded.payout_rule,
    customer = excluded.customer,
    country = excluded.country,
    currency = excluded.currency,
    subtotal_minor = excluded.subtotal_minor,
    discount_minor = excluded.discount_minor,
    payout_minor = excluded.payout_minor,
    payout_change_minor = excluded.payout_change_minor,
    reason = excluded.reason,
    snapshot_id = excluded.snapshot_id,
    generation = excluded.generation
WHERE excluded.revision >= entries.revision
