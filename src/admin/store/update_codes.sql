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
    revision = programs.revision
FROM json_each(?2) AS new, programs
WHERE programs.id = ?1 AND codes.program = ?1 AND codes.id = new.value ->> '$.id'
