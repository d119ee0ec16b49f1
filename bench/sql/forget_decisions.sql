DELETE FROM push.outcome WHERE batch_id / 16777216 = ANY(:run_ids);
DELETE FROM push.send_batch WHERE run_id = ANY(:run_ids);
DELETE FROM push.decision_block WHERE run_id = ANY(:run_ids);
DELETE FROM push.set_aside WHERE run_id = ANY(:run_ids);
DELETE FROM push.run_bucket WHERE run_id = ANY(:run_ids);
UPDATE push.run SET status = 'waiting', wave_id = NULL, finished_at = NULL WHERE run_id = ANY(:run_ids)
