-- Settings of the installation, buckets, zones and languages: the dictionaries that every room reads.
CREATE TABLE push.setting (
    is_only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT setting_has_one_row CHECK (is_only_row),
    bucket_count smallint NOT NULL CONSTRAINT bucket_count_is_power_of_two
        CHECK (bucket_count BETWEEN 1 AND 1024 AND (bucket_count & (bucket_count - 1)) = 0),
    project_zone text NOT NULL DEFAULT 'Asia/Almaty',
    default_language text NOT NULL DEFAULT 'ru',
    late_by interval NOT NULL DEFAULT '60 minutes',
    moment_step interval NOT NULL DEFAULT '15 minutes',
    batch_size integer NOT NULL DEFAULT 1000 CONSTRAINT batch_size_fits CHECK (batch_size BETWEEN 1 AND 1000),
    longest_deferral interval NOT NULL DEFAULT '28 days',
    batch_retention interval NOT NULL DEFAULT '62 days',
    block_retention interval NOT NULL DEFAULT '180 days' CONSTRAINT block_retention_is_positive CHECK (block_retention > '0')
);
COMMENT ON TABLE push.setting IS 'One row: what holds for the whole installation.';
COMMENT ON COLUMN push.setting.late_by IS 'A batch may leave at most this long after its not_before, else it expires.';
COMMENT ON COLUMN push.setting.moment_step IS 'Computed moments (local hour, deferral, end of quiet hours) are rounded up to this step.';
COMMENT ON COLUMN push.setting.batch_retention IS 'At least the longest cap window + longest deferral + 2 days.';

COMMENT ON COLUMN push.setting.block_retention IS
'How long after its deadline a run''s audience and decisions are kept user by user; its numbers stay.';

INSERT INTO push.setting (bucket_count)
VALUES (coalesce(nullif(current_setting('pushline.bucket_count', true), ''), '64')::smallint);

DO $$
BEGIN
    EXECUTE format(
        'CREATE FUNCTION push.bucket_of(user_id bigint) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE '
        'RETURN (hashint8extended(user_id, 7) & %s)::smallint',
        (SELECT bucket_count - 1 FROM push.setting)
    );
END $$;
COMMENT ON FUNCTION push.bucket_of IS 'The fixed slice of users: unit of parallel work, locking and recovery. `pushline rebucket` replaces it.';

CREATE TABLE push.bucket_lock (
    bucket smallint PRIMARY KEY
);
COMMENT ON TABLE push.bucket_lock IS
'Lock the row FOR UPDATE, in a statement of its own in READ COMMITTED, before deciding, cancelling, expiring or erasing in the bucket.';
INSERT INTO push.bucket_lock (bucket)
SELECT generate_series(0, bucket_count - 1)::smallint FROM push.setting;

CREATE TABLE push.zone (
    zone_id smallint PRIMARY KEY,
    name text NOT NULL UNIQUE,
    is_used boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN push.zone.is_used IS 'Whether a recipient lives here; whoever writes recipients sets it, so that planning need not look at 600 zones.';
COMMENT ON TABLE push.zone IS 'Time zones by small number; 0 means missing or invalid: the zone of the project holds.';
INSERT INTO push.zone (zone_id, name, is_used) VALUES (0, 'project', true);
INSERT INTO push.zone (zone_id, name)
SELECT row_number() OVER (ORDER BY name), name
FROM pg_catalog.pg_timezone_names
WHERE name NOT LIKE 'posix%' AND name NOT LIKE 'right%' AND name <> 'localtime' AND name <> 'Factory';

CREATE TABLE push.language (
    language_id smallint GENERATED ALWAYS AS IDENTITY (START WITH 1) PRIMARY KEY,
    locale text NOT NULL UNIQUE CONSTRAINT locale_is_normal CHECK (locale = lower(replace(locale, '_', '-')))
);
COMMENT ON TABLE push.language IS 'Locales seen on people (ru, ru-kz, kk ...) by small number; a recipient without one has 0.';
INSERT INTO push.language (locale) VALUES ('ru'), ('kk'), ('en');
