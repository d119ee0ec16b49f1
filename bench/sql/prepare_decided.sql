-- The pushes of a planned run as the deciding SELECT returned them, a row each, and their personal fields, a row each.
CREATE SCHEMA rival;
CREATE TABLE rival.decided AS
SELECT
    b.bucket,
    u.user_id,
    u.place,
    0::smallint AS reason,
    0::smallint AS rule_no,
    b.variant,
    array_position(r.languages, b.language)::smallint AS language_index,
    b.not_before
FROM push.send_batch AS b
INNER JOIN push.run AS r ON b.run_id = r.run_id
CROSS JOIN LATERAL unnest(b.users, b.places) AS u (user_id, place)
WHERE b.run_id = :run_id
ORDER BY b.bucket, u.place;
CREATE INDEX ON rival.decided (bucket);
CREATE TABLE rival.field AS
SELECT
    f.bucket,
    e.fields
FROM push.audience_field AS f
CROSS JOIN LATERAL unnest(f.fields) WITH ORDINALITY AS e (fields, place)
INNER JOIN rival.decided AS d ON f.bucket = d.bucket AND e.place = d.place
WHERE f.run_id = :run_id
ORDER BY f.bucket, e.place;
CREATE INDEX ON rival.field (bucket)
