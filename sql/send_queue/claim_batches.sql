-- claim_batches: takes the next batches that are due, with a fence and a lease.
-- params: worker text, lanes push.lane[], max_batches integer, lease interval, at timestamptz
-- returns: many (batch_id bigint, run_day date, fence integer, run_id bigint, lane push.lane, class push.class,
--   variant smallint, language text, title text, body text, link text, image_url text, field_names text[], users
--   bigint[], fields_text text, states smallint[], not_before timestamptz, expires_at timestamptz, leave_by timestamptz,
--   lease_until timestamptz)
-- writes: send_batch, run_throttle, outcome
-- why: a batch's fields come as one text, their JSON arrays parted by U+001E, which stands in no JSON: as an array of
--   texts each quote is escaped here and unescaped by the driver.
SELECT
    c.batch_id, c.run_day, c.fence, c.run_id, c.lane, c.class, c.variant, c.language, c.title, c.body, c.link, c.image_url,
    c.field_names, c.users, array_to_string(c.fields, E'\x1e', '[]') AS fields_text,
    c.states, c.not_before, c.expires_at, c.leave_by, c.lease_until
FROM push.claim(
    CAST(:worker AS text), CAST(:lanes AS push.lane[]), CAST(:max_batches AS integer), CAST(:lease AS interval),
    CAST(:at AS timestamptz)
) AS c
