-- list_erasures: people whom the company erased and we have not yet.
-- params: none
-- returns: many (user_id bigint)
-- writes: nothing
SELECT DISTINCT n.user_id
FROM person_row AS n
LEFT JOIN push.person AS p ON n.user_id = p.user_id
WHERE n.reason IS NULL AND n.is_erased AND NOT coalesce(p.is_erased, FALSE)
ORDER BY n.user_id;
