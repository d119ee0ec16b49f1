-- Lighter batches: personal fields stay where the snapshot put them, and counting finds small batches in an index.
-- Keep personal fields once, where the snapshot put them: a batch names the places of its users there.
-- Copying them into every batch meant 60 bytes a push collected and written a second time.
ALTER TABLE push.send_batch ADD COLUMN places integer[];
ALTER TABLE push.send_batch ALTER places SET STORAGE EXTERNAL;
COMMENT ON COLUMN push.send_batch.places IS
'Where the fields of each user stand in audience_field.fields of the run and bucket (1-based), ascending; null for a run without fields.';

UPDATE push.send_batch AS b
SET places = p.places
FROM (
    SELECT
        f.run_day,
        f.batch_id,
        array_agg(array_position(a.users, u.user_id) ORDER BY u.number) AS places
    FROM push.batch_field AS f
    INNER JOIN push.send_batch AS s ON f.run_day = s.run_day AND f.batch_id = s.batch_id
    INNER JOIN push.audience_block AS a ON s.run_id = a.run_id AND s.bucket = a.bucket
    CROSS JOIN LATERAL unnest(s.users) WITH ORDINALITY AS u (user_id, number)
    GROUP BY f.run_day, f.batch_id
) AS p
WHERE b.run_day = p.run_day AND b.batch_id = p.batch_id;

DROP TABLE push.batch_field;

-- Triggers send thousands of small batches, each on a page of its own: counting them visited a third of the table's pages once a bucket.
-- All that counting asks about a small batch stands in its index, in the order in which it is asked; large ones have an index without the small ones between.
CREATE INDEX send_batch_small_idx ON push.send_batch (bucket, not_before) INCLUDE (users, class, is_counted, tags)
WHERE holds_slots AND user_count <= 8;
CREATE INDEX send_batch_large_idx ON push.send_batch (bucket, not_before)
WHERE holds_slots AND user_count > 8;

-- A run that was never decided may be thrown away with its throttle: its brief was edited while takers had asked for it.
ALTER TABLE push.run_throttle DROP CONSTRAINT run_throttle_run_id_fkey;
ALTER TABLE push.run_throttle ADD FOREIGN KEY (run_id) REFERENCES push.run ON DELETE CASCADE;
