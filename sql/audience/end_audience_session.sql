-- end_audience_session: end a session of the audience role that does not end by itself.
-- params: pid integer, mark text
-- returns: many (is_ended boolean)
-- writes: nothing
-- why: the mark is drawn for one session, so that no other one with a reused process id is hit.
SELECT pg_terminate_backend(a.pid) AS is_ended
FROM pg_stat_activity AS a
WHERE a.pid = CAST(:pid AS integer) AND a.application_name = CAST(:mark AS text)
