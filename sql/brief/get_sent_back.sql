-- get_sent_back: who sent a brief back and why, until it was asked to be approved again.
-- params: brief_id bigint
-- returns: many (happened_at timestamptz, who text, reason text)
-- writes: nothing
WITH steps AS (
    SELECT
        h.history_id,
        h.happened_at,
        h.who,
        c.change ->> 'old' AS old_status,
        c.change ->> 'new' AS new_status,
        jsonb_path_query_first(h.changes, '$[*] ? (@.column == "reason").new') #>> '{}' AS reason
    FROM push.brief_history AS h
    CROSS JOIN LATERAL jsonb_array_elements(h.changes) AS c (change)
    WHERE h.brief_id = CAST(:brief_id AS bigint) AND c.change ->> 'column' = 'status'
)

SELECT
    s.happened_at,
    s.who,
    s.reason
FROM steps AS s
WHERE s.reason IS NOT NULL
    AND NOT EXISTS (
        SELECT
        FROM steps AS l
        WHERE l.history_id > s.history_id AND 'audience_ready' IN (l.old_status, l.new_status)
    )
ORDER BY s.history_id DESC
LIMIT 1
