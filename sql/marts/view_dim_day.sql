-- view_dim_day: a row a day, from the first run to five weeks ahead.
-- params: none
-- returns: none
-- writes: nothing
CREATE OR REPLACE VIEW mart.dim_day AS
SELECT
    d.day::date AS day,
    extract(ISOYEAR FROM d.day)::integer AS iso_year,
    extract(WEEK FROM d.day)::integer AS iso_week,
    extract(ISODOW FROM d.day)::integer AS iso_day,
    extract(YEAR FROM d.day)::integer AS year,
    extract(MONTH FROM d.day)::integer AS month,
    extract(ISODOW FROM d.day) IN (6, 7) AS is_weekend
FROM generate_series(
    coalesce((SELECT min(r.run_day) FROM push.run AS r), current_date)::timestamp,
    (current_date + 35)::timestamp,
    interval '1 day'
) AS d (day);
COMMENT ON VIEW mart.dim_day IS 'Calendar, one row a day.';
COMMENT ON COLUMN mart.dim_day.day IS 'The day, on the clock of UTC; key of the dimension.';
COMMENT ON COLUMN mart.dim_day.iso_year IS 'Year of the ISO week.';
COMMENT ON COLUMN mart.dim_day.iso_week IS 'Number of the ISO week.';
COMMENT ON COLUMN mart.dim_day.iso_day IS 'Day of the week, 1 = Monday.';
COMMENT ON COLUMN mart.dim_day.year IS 'Calendar year.';
COMMENT ON COLUMN mart.dim_day.month IS 'Calendar month, 1 to 12.';
COMMENT ON COLUMN mart.dim_day.is_weekend IS 'Saturday or Sunday.';
GRANT SELECT ON mart.dim_day TO pushline_bi, pushline_planner;
