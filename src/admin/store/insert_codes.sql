INSERT INTO codes (
    program, id, text, folded, folding, hash, match_type, kind, credit_policy, owner, deal,
    start_at, end_at, expired_at, time_zone, max_redemptions, max_redemptions_per_customer,
    public, comments, created_at, revision, created_revision
)
SELECT
    programs.id,
    new.value ->> '$.id',
    new.value ->> '$.text',
    new.value ->> '$.folded',
    new.value ->> '$.folding',
    unhex(new.value ->> '$.hash'),
    new.value ->> '$.match_type',
    new.value ->> '$.kind',
    new.value ->> '$.credit_policy',
    new.value ->> '$.owner',
    new.value ->> '$.deal',
    new.value ->> '$.start_at',
    new.value ->> '$.end_at',
    new.value ->> '$.expired_at',
    new.value ->> '$.time_zone',
    new.value ->> '$.max_redemptions',
    new.value ->> '$.max_redemptions_per_customer',
    new.value ->> '$.public',
    new.value ->> '$.comments',
    new.value ->> '$.created_at',
    programs.revision,
    programs.revision
FROM programs, json_each(?2) AS new
WHERE programs.id = ?1
