SELECT
    new.line,
    new.text,
    new.folded,
    new.match_type,
    new.start_at,
    new.end_at,
    new.complaints,
    json_group_array(json_object(
        'id', c.id, 'owner', c.owner,
        'start_at', c.start_at, 'end_at', nullif(c.ends_at, 9007199254740991)
    )) AS earlier
FROM upload_rows AS new, codes AS c
WHERE new.program = ?1 AND new.upload = ?2 AND new.line > ?3 AND new.outcome <> 'bad'
AND c.program = new.program AND c.folded = new.folded AND c.match_type = new.match_type
GROUP BY new.line
ORDER BY new.line
LIMIT ?4
