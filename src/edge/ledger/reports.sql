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
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, customer = excluded.customer
WHERE excluded.revision > entries.revision
