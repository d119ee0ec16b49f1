DELETE FROM push.audience_field WHERE run_id = ANY(:run_ids);
DELETE FROM push.audience_block WHERE run_id = ANY(:run_ids);
DELETE FROM push.run_text WHERE run_id = ANY(:run_ids);
DELETE FROM push.run WHERE run_id = ANY(:run_ids)
