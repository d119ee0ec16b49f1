-- Pushes that one side has and the other has not, or has with another variant or language.
WITH ours AS (
    SELECT
        u.user_id,
        b.variant,
        b.language
    FROM push.send_batch AS b
    CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
    WHERE b.run_id = :run_id
)

SELECT
    count(o.user_id) AS ours,
    count(q.user_id) AS theirs,
    count(*) FILTER (
        WHERE o.user_id IS NULL OR q.user_id IS NULL OR o.variant <> q.variant OR o.language <> q.language
    ) AS different,
    avg(octet_length(q.title) + octet_length(q.body) + octet_length(q.link)) AS text_bytes
FROM ours AS o
FULL JOIN (SELECT * FROM rival.queue WHERE run_id = :run_id) AS q ON o.user_id = q.user_id
