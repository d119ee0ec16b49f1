-- create_touched_user: whose recipient rows the transaction must write anew.
-- params: none
-- returns: none
-- writes: touched_user
CREATE TEMPORARY TABLE touched_user (
    user_id bigint NOT NULL
) ON COMMIT DELETE ROWS;
