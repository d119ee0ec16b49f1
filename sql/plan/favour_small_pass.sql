-- favour_small_pass: for this transaction, keep one plan for every bucket and run.
-- params: none
-- returns: one (plan_cache_mode text)
-- writes: nothing
-- why: planning the deciding statement takes longer than deciding a few hundred users; the driver prepares it, so all buckets share one plan.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true) AS plan_cache_mode
