-- refresh_touched: write the recipient rows of everybody whom this transaction touched.
-- params: now timestamptz
-- returns: one (changed integer)
-- writes: push.recipient, push.language
SELECT push.refresh_recipients(array_agg(DISTINCT t.user_id), CAST(:now AS timestamptz)) AS changed
FROM touched_user AS t;
