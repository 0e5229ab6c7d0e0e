INSERT INTO entries (
    id, program, object, event_type, order_id, number, kind, at, revision,
    placed_at, approve_at, code_id, typed_code, partner, basis, payout_rule, customer, country,
    currency, subtotal_minor, discount_minor, payout_minor, payout_change_minor, reason,
    snapshot_id, generation, body
)
SELECT
    value ->> '$.id',
    value ->> '$.program',
    value ->> '$.object',
    value ->> '$.event_type',
    value ->> '$.order_id',
    value ->> '$.entry.number',
    value ->> '$.entry.kind',
    value ->> '$.entry.at',
    value ->> '$.entry.revision',
    value ->> '$.entry.body.placed_at',
    value ->> '$.entry.body.approve_at',
    value ->> '$.entry.body.decision.code.id',
    value ->> '$.entry.body.decision.code.typed',
    value ->> '$.entry.body.decision.credited.partner',
    value ->> '$.entry.body.decision.credited.basis',
    value ->> '$.entry.body.decision.payout.rule',
    value ->> '$.entry.body.order.customer_id',
    value ->> '$.entry.body.order.country',
    value ->> '$.entry.body.order.currency',
    coalesce(value ->> '$.entry.body.order.subtotal_minor', value ->> '$.entry.body.subtotal_minor'),
    coalesce(value ->> '$.entry.body.order.discount_minor', value ->> '$.entry.body.discount_minor'),
    coalesce(value ->> '$.entry.body.decision.payout.amount_minor', value ->> '$.entry.body.payout_minor'),
    coalesce(
        value ->> '$.entry.body.decision.payout.amount_minor',
        value ->> '$.entry.body.payout_change_minor'
    ),
    value ->> '$.entry.body.reason',
    value ->> '$.entry.body.decision.snapshot.id',
    value ->> '$.entry.body.generation',
    value -> '$.entry.body'
FROM json_each(?1)
WHERE true
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, customer = excluded.customer, body = excluded.body
WHERE excluded.revision > entries.revision
