-- get_setting: the installation's settings with its dictionaries of locales and used zones.
-- params: none
-- returns: one (bucket_count smallint, project_zone text, default_language text, late_by interval, moment_step interval, locales text[], zone_ids smallint[])
-- writes: nothing
SELECT
    s.bucket_count,
    s.project_zone,
    s.default_language,
    s.late_by,
    s.moment_step,
    (
        SELECT array_agg(l.locale ORDER BY n.language_id)
        FROM generate_series(1, (SELECT max(m.language_id) FROM push.language AS m)) AS n (language_id)
        LEFT JOIN push.language AS l
            ON n.language_id = l.language_id
    ) AS locales,
    (SELECT array_agg(z.zone_id) FROM push.zone AS z WHERE z.is_used) AS zone_ids
FROM push.setting AS s
