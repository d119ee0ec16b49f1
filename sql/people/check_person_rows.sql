-- check_person_rows: give people their types, or the reason why a row cannot be taken.
-- params: now timestamptz
-- returns: none
-- writes: person_row
-- why: a key that is no plain number may hold anything, an e-mail too: then a short hash of the row stands for it.
--      OFFSET 0 keeps the server from working out a moment or a reason again at each mention of it.
--   OFFSET 0 keeps each check computed once a row; merged into one level they are computed up to thirteen times.
INSERT INTO person_row (row_key, reason, bucket, user_id, language, zone, weekly_limit, is_erased, changed_at)
SELECT
    CASE WHEN r.id_text ~ '^-?\d{1,18}$' THEN r.id_text ELSE '#' || left(md5(r::text), 12) END,
    r.reason,
    CASE WHEN r.reason IS NULL THEN push.bucket_of(r.id_text::bigint) END,
    CASE WHEN r.reason IS NULL THEN r.id_text::bigint END,
    nullif(trim(r.language), ''),
    nullif(trim(r.zone), ''),
    CASE WHEN r.reason IS NULL THEN r.weekly_limit::smallint END,
    coalesce(r.is_erased IN ('t', 'true', '1'), FALSE),
    r.changed_at
FROM (
    SELECT
        v.*,
        CASE
            WHEN v.id_text IS NULL THEN 'user_id is missing'
            WHEN v.id_text !~ '^-?\d{1,18}$' THEN 'user_id is not a whole number'
            WHEN v.id_text::bigint <= 0 THEN 'user_id is not positive'
            WHEN v.weekly_limit !~ '^-?\d{1,4}$' THEN 'weekly_limit is not a whole number below 10000'
            WHEN v.weekly_limit::integer < 0 THEN 'weekly_limit is below 0'
            WHEN v.is_erased NOT IN ('t', 'true', '1', 'f', 'false', '0') THEN 'erased is neither true nor false'
            WHEN v.changed_at IS NULL THEN 'changed_at is missing or no timestamp'
            WHEN v.changed_at > CAST(:now AS timestamptz) THEN 'changed_at is in the future'
        END AS reason
    FROM (
        SELECT
            nullif(trim(s.user_id), '') AS id_text,
            s.language,
            s.zone,
            nullif(trim(s.weekly_limit), '') AS weekly_limit,
            nullif(lower(trim(s.erased)), '') AS is_erased,
            push.parse_moment(s.changed_at) AS changed_at
        FROM person_stage AS s
        OFFSET 0
    ) AS v
    OFFSET 0
) AS r;
