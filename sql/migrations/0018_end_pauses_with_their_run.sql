-- A run that was paused, and then edited or switched off before anybody of it was decided, is taken away: its pause goes with it.
ALTER TABLE push.pause DROP CONSTRAINT pause_run_id_fkey;
ALTER TABLE push.pause ADD FOREIGN KEY (run_id) REFERENCES push.run ON DELETE CASCADE;
