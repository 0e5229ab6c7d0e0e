INSERT INTO codes (
    program, id, text, folded, folding, hash, match_type, kind, credit_policy, owner, deal,
    start_at, end_at, time_zone, public, created_at, upload, revision,
    created_revision
)
SELECT
    new.program,
    new.id,
    new.text,
    new.folded,
    uploads.folding,
    new.hash,
    new.match_type,
    new.kind,
    new.credit_policy,
    new.owner,
    new.deal,
    coalesce(new.start_at, new.succeeds_at),
    new.end_at,
    new.time_zone,
    0,
    uploads.uploaded_at,
    uploads.id,
    programs.revision,
    programs.revision
FROM programs, uploads, upload_rows AS new
WHERE programs.id = ?1 AND uploads.program = ?1 AND uploads.id = ?2
AND new.program = ?1 AND new.upload = ?2
