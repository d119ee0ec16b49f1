-- get_session_setting: as whom this session works and logged in, and whether it plans each statement for its own values.
-- params: none
-- returns: one (role_name text, login_name text, plan_cache_mode text, idle_limit text)
-- writes: nothing
SELECT
    current_user::text AS role_name,
    session_user::text AS login_name,
    current_setting('plan_cache_mode') AS plan_cache_mode,
    current_setting('idle_in_transaction_session_timeout') AS idle_limit
