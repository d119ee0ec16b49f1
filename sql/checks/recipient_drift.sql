-- recipient_drift: users whose recipient row is not what person, consent and installation say.
-- params: now timestamptz
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: fail
-- remedy: somebody wrote to person, consent or installation by hand; run: pushline people sync --full
SELECT
    coalesce(e.user_id, r.user_id)::text AS key,
    CASE
        WHEN r.user_id IS NULL THEN 'a person without a recipient row'
        WHEN e.user_id IS NULL THEN 'a recipient row without a person'
        ELSE concat_ws(
            ', ',
            CASE WHEN r.zone_id <> e.zone_id THEN format('zone_id is %s, should be %s', r.zone_id, e.zone_id) END,
            CASE
                WHEN
                    r.language_id <> e.language_id
                    THEN format('language_id is %s, should be %s', r.language_id, e.language_id)
            END,
            CASE WHEN r.consents <> e.consents THEN format('consents is %s, should be %s', r.consents, e.consents) END,
            CASE
                WHEN r.weekly_limit IS DISTINCT FROM e.weekly_limit
                    THEN format('weekly_limit is %s, should be %s', r.weekly_limit, e.weekly_limit)
            END,
            CASE WHEN r.is_reachable <> e.is_reachable THEN format('is_reachable should be %s', e.is_reachable) END,
            CASE WHEN r.is_control <> e.is_control THEN format('is_control should be %s', e.is_control) END,
            CASE WHEN r.is_erased <> e.is_erased THEN format('is_erased should be %s', e.is_erased) END
        )
    END AS detail
FROM push.expected_recipients(CAST(NULL AS bigint[]), CAST(:now AS timestamptz)) AS e
FULL JOIN push.recipient AS r ON e.bucket = r.bucket AND e.user_id = r.user_id
WHERE
    e.user_id IS NULL OR r.user_id IS NULL
    OR (r.zone_id, r.language_id, r.consents, r.weekly_limit, r.is_reachable, r.is_control, r.is_erased)
    IS DISTINCT FROM (e.zone_id, e.language_id, e.consents, e.weekly_limit, e.is_reachable, e.is_control, e.is_erased)
ORDER BY 1;
