-- set_load_memory: memory for big joins and index builds, no compiling of plans; for this transaction only.
-- params: none
-- returns: none
-- writes: nothing
-- why: with the server's defaults a shop of 1,000,000 customers takes twice as long.
SET LOCAL work_mem = '128MB';
SET LOCAL maintenance_work_mem = '512MB';
SET LOCAL synchronous_commit = off;
SET LOCAL jit = off
