-- refresh_recipients: write the recipient rows of some users anew.
-- params: user_ids bigint[], now timestamptz
-- returns: one (changed integer)
-- writes: push.recipient, push.language
SELECT push.refresh_recipients(CAST(:user_ids AS bigint[]), CAST(:now AS timestamptz)) AS changed;
