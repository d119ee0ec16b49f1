-- favour_pass: what open_run_bucket does for a planning transaction, for one that only decides: plan small passes by looking up, large ones by hashing.
-- params: is_small boolean
-- returns: one (settings text)
-- writes: nothing
SELECT push.favour_pass(CAST(:is_small AS boolean)) AS settings
