-- lock_everything: keep everybody out of the tables that know buckets, until the transaction ends.
-- params: none
-- returns: none
-- writes: nothing
LOCK TABLE push.setting, push.bucket_lock, push.run, push.recipient, push.audience_block, push.audience_field, push.decision_block,
push.run_bucket, push.send_batch, push.outcome, push.receipt, push.set_aside IN ACCESS EXCLUSIVE MODE
