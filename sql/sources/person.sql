-- person: the company's people as they are now; change what stands below SELECT to read your own tables.
-- params: since timestamptz
-- returns: many (user_id bigint, language text, zone text, weekly_limit smallint, erased boolean,
--          changed_at timestamptz)
-- writes: nothing
-- why: language and zone go in as the app reported them; Pushline tidies them and keeps what it could not read.
SELECT
    customer_id AS user_id,
    locale AS language,
    time_zone AS zone,
    weekly_push_limit AS weekly_limit,
    erased_at IS NOT NULL AS erased,
    updated_at AS changed_at
FROM shop.customer
WHERE updated_at > CAST(:since AS timestamptz)
