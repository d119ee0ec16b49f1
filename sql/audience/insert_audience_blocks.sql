-- insert_audience_blocks: keep the users of some buckets of a run's audience.
-- params: run_id bigint, buckets smallint[], first_places integer[], last_places integer[], users bigint[]
-- returns: none
-- writes: push.audience_block
-- why: several buckets in one statement, their users behind one another: a small audience has as many blocks as a large
--      one, and 64 statements take longer than reading it.
INSERT INTO push.audience_block (run_id, bucket, users)
SELECT
    CAST(:run_id AS bigint) AS run_id,
    b.bucket,
    (CAST(:users AS bigint[]))[b.first_place:b.last_place] AS users
FROM unnest(
    CAST(:buckets AS smallint[]), CAST(:first_places AS integer[]), CAST(:last_places AS integer[])
) AS b (bucket, first_place, last_place)
