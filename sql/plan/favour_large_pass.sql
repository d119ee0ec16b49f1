-- favour_large_pass: for this transaction, plan whole buckets by hashing, with the arrays as constants.
-- params: none
-- returns: one (nestloop text, mergejoin text, sort text, plan_cache_mode text)
-- writes: nothing
-- why: Postgres cannot know how many users an array holds; measured 1.8 against 2.1 of a bare insert for a blast.
--   Constants let the planner drop every counter that the policy does not use.
SELECT
    set_config('enable_nestloop', 'off', true) AS nestloop,
    set_config('enable_mergejoin', 'off', true) AS mergejoin,
    set_config('enable_sort', 'off', true) AS sort,
    set_config('plan_cache_mode', 'force_custom_plan', true) AS plan_cache_mode
