-- Pushes in the queue, and those among them that are not the ones that were decided.
SELECT
    count(b.user_id) AS pushes,
    count(*) FILTER (
        WHERE b.user_id IS NULL OR d.user_id IS NULL OR (b.place, b.variant, b.not_before) <> (d.place, d.variant, d.not_before)
    ) AS different
FROM rival.decided AS d
FULL JOIN (
    SELECT
        u.user_id,
        u.place,
        s.variant,
        s.not_before
    FROM push.send_batch AS s
    CROSS JOIN LATERAL unnest(s.users, s.places) AS u (user_id, place)
    WHERE s.run_id = :run_id
) AS b ON d.user_id = b.user_id
