SELECT id, revision, at, who, action, entity, entity_id, before, after
FROM audit
WHERE program = ?1
AND (?2 IS NULL OR entity = ?2)
AND (?3 IS NULL OR entity_id = ?3)
AND (?4 IS NULL OR who = ?4)
AND at >= coalesce(?5, -9007199254740991)
AND at < coalesce(?6, 9007199254740991)
AND (?7 IS NULL OR (at, id) < (?7, ?8))
ORDER BY at DESC, id DESC
LIMIT ?9
