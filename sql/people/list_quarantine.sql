-- list_quarantine: why rows are set aside now, most frequent reason first, with three keys as examples.
-- params: none
-- returns: many (source text, reason text, row_count bigint, since timestamptz, examples text[])
-- writes: nothing
SELECT
    q.source,
    q.reason,
    count(*) AS row_count,
    min(q.seen_at) AS since,
    (array_agg(q.row_key ORDER BY q.row_key))[1:3] AS examples
FROM push.quarantine AS q
WHERE q.solved_at IS NULL
GROUP BY q.source, q.reason
ORDER BY count(*) DESC, q.source, q.reason
