-- get_week: the project's week that holds a day: its edges on the project's clock, and the number of buckets.
-- params: day date
-- returns: one (starts_at timestamptz, ends_at timestamptz, first_day date, project_zone text, bucket_count integer)
-- writes: nothing
SELECT
    push.instant_of(w.first_day::timestamp, s.project_zone) AS starts_at,
    push.instant_of((w.first_day + 7)::timestamp, s.project_zone) AS ends_at,
    w.first_day,
    s.project_zone,
    CAST(s.bucket_count AS integer) AS bucket_count
FROM push.setting AS s
CROSS JOIN (SELECT date_trunc('week', CAST(:day AS date))::date AS first_day) AS w
