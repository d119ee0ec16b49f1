-- tries: what others are doing
-- guard: server's own tables
-- server: rows \d+
SELECT pid AS user_id FROM pg_stat_activity WHERE query ~ 'password' AND usename <> 'pushline_audience' AND query <> '<insufficient privilege>'
