SELECT count(*)
FROM (
    SELECT u.user_id
    FROM push.send_batch AS b
    CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
    WHERE b.run_id = ANY(:run_ids)
    GROUP BY u.user_id
    HAVING count(*) > 1
) AS doubled
