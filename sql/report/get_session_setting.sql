-- get_session_setting: who this session is, and whether it plans each statement for its own values.
-- params: none
-- returns: one (role_name text, plan_cache_mode text, idle_limit text)
-- writes: nothing
SELECT
    current_user::text AS role_name,
    current_setting('plan_cache_mode') AS plan_cache_mode,
    current_setting('idle_in_transaction_session_timeout') AS idle_limit
