-- check_consent_rows: give consents their types, or the reason why a row cannot be taken.
-- params: now timestamptz
-- returns: none
-- writes: consent_row
-- why: OFFSET 0 keeps each check computed once a row; merged into one level they are computed up to thirteen times.
INSERT INTO consent_row (row_key, reason, bucket, user_id, purpose, is_granted, source, changed_at)
SELECT
    CASE
        WHEN
            r.id_text ~ '^-?\d{1,18}$' AND r.purpose ~ '^[a-z_]{1,30}$'
            THEN concat_ws('/', r.id_text, r.purpose, r.changed_at)
        ELSE '#' || left(md5(r::text), 12)
    END,
    r.reason,
    CASE WHEN r.reason IS NULL THEN push.bucket_of(r.id_text::bigint) END,
    CASE WHEN r.reason IS NULL THEN r.id_text::bigint END,
    r.purpose,
    r.is_granted IN ('t', 'true', '1'),
    coalesce(nullif(trim(r.source), ''), 'sync'),
    r.changed_at
FROM (
    SELECT
        v.*,
        CASE
            WHEN v.id_text IS NULL THEN 'user_id is missing'
            WHEN v.id_text !~ '^-?\d{1,18}$' THEN 'user_id is not a whole number'
            WHEN v.id_text::bigint <= 0 THEN 'user_id is not positive'
            WHEN
                v.purpose IS NULL OR v.purpose NOT IN ('marketing', 'service')
                THEN 'purpose is neither marketing nor service'
            WHEN v.is_granted IS NULL OR v.is_granted NOT IN ('t', 'true', '1', 'f', 'false', '0')
                THEN 'granted is neither true nor false'
            WHEN v.changed_at IS NULL THEN 'changed_at is missing or no timestamp'
            WHEN v.changed_at > CAST(:now AS timestamptz) THEN 'changed_at is in the future'
        END AS reason
    FROM (
        SELECT
            nullif(trim(s.user_id), '') AS id_text,
            nullif(lower(trim(s.purpose)), '') AS purpose,
            nullif(lower(trim(s.granted)), '') AS is_granted,
            s.source,
            push.parse_moment(s.changed_at) AS changed_at
        FROM consent_stage AS s
        OFFSET 0
    ) AS v
    OFFSET 0
) AS r;
