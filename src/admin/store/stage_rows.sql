INSERT INTO upload_rows (
    program, upload, line, outcome, cells, complaints, id, text, folded, hash, match_type, kind,
    credit_policy, owner, deal, start_at, end_at, time_zone
)
SELECT
    uploads.program,
    uploads.id,
    new.value ->> '$.line',
    new.value ->> '$.outcome',
    new.value -> '$.cells',
    new.value -> '$.complaints',
    new.value ->> '$.code.id',
    new.value ->> '$.code.text',
    new.value ->> '$.code.folded',
    unhex(new.value ->> '$.code.hash'),
    new.value ->> '$.code.match_type',
    new.value ->> '$.code.kind',
    new.value ->> '$.code.credit_policy',
    new.value ->> '$.code.owner',
    new.value ->> '$.code.deal',
    new.value ->> '$.code.start_at',
    new.value ->> '$.code.end_at',
    new.value ->> '$.code.time_zone'
FROM uploads, json_each(?3) AS new
WHERE uploads.program = ?1 AND uploads.id = ?2
AND uploads.state = 'checking' AND uploads.rows_done = ?4
