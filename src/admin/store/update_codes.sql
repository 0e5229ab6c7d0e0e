-- Where the programme comes from the new values the planner looks each code up by its key.
UPDATE codes SET
    start_at = new.value ->> '$.start_at',
    end_at = new.value ->> '$.end_at',
    expired_at = new.value ->> '$.expired_at',
    time_zone = new.value ->> '$.time_zone',
    deal = new.value ->> '$.deal',
    max_redemptions = new.value ->> '$.max_redemptions',
    max_redemptions_per_customer = new.value ->> '$.max_redemptions_per_customer',
    public = new.value ->> '$.public',
    comments = new.value ->> '$.comments',
    version = (new.value ->> '$.version') + 1,
    revision = new.revision
FROM (
    SELECT programs.id AS program, programs.revision, given.value
    FROM programs, json_each(?2) AS given
    WHERE programs.id = ?1
    LIMIT -1 -- not taken apart
) AS new
WHERE codes.program = new.program AND codes.id = new.value ->> '$.id'
