-- tries: a DO block
-- guard: \$\$ string
-- server: syntax error
DO $$ BEGIN PERFORM 1; END $$
