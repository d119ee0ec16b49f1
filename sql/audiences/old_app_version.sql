-- title: Use an old version of the app
-- owner: data-team
-- param below text default '5.3.0': older than this version
-- param platform text default 'android': android, ios, huawei or web
-- column first_name text nullable: name for the texts
-- column app_version text: the newest version in use
SELECT
    person.customer_id AS user_id,
    person.first_name,
    newest.app_version
FROM shop.customer AS person
INNER JOIN (
    SELECT
        customer_id,
        (array_agg(app_version ORDER BY CAST(string_to_array(app_version, '.') AS integer[]) DESC))[1] AS app_version
    FROM shop.installation
    WHERE is_active AND customer_id IS NOT NULL AND platform = CAST(:platform AS text)
    GROUP BY customer_id
    HAVING
        max(CAST(string_to_array(app_version, '.') AS integer[]))
        < CAST(string_to_array(CAST(:below AS text), '.') AS integer[])
) AS newest ON person.customer_id = newest.customer_id
WHERE person.erased_at IS NULL
