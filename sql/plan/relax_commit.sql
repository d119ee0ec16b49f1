-- relax_commit: let this transaction's commit return before it is on disk; flush_commits follows.
-- params: none
-- returns: one (synchronous_commit text)
-- writes: nothing
-- why: a blast commits once a bucket, and a slow disk would set its pace; on the disk of our benches the difference was within the noise. A crash may undo the last buckets, whole: they are planned again. Nobody can have sent them,
--   for a claim and begin are flushed when they commit, and the log is flushed in order: a batch whose attempt is on disk is on disk.
SELECT set_config('synchronous_commit', 'off', true) AS synchronous_commit
