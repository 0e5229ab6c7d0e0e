SELECT
    c.*,
    NULL AS sync_deal,
    NULL AS deal_start_at,
    NULL AS deal_end_at
FROM codes AS c
WHERE c.program = ?1 AND c.folded = ?2 AND c.match_type = 'exact'
AND max(c.starts_at, coalesce(?3, -9007199254740991))
    < min(c.ends_at, coalesce(?4, 9007199254740991))
ORDER BY +c.starts_at, c.id
LIMIT 20
