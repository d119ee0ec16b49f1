-- function_push_id: the identity of a push, derived from run and user, never drawn: the same wherever it is computed.
-- params: run_id bigint, user_id bigint
-- returns: one (push_id uuid)
-- writes: nothing
-- why: the first 16 bytes of sha256 over both numbers as 8 bytes, high byte first: any language computes it without
--   asking.
CREATE OR REPLACE FUNCTION push.push_id(run_id bigint, user_id bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN encode(substring(sha256(int8send(run_id) || int8send(user_id)) FROM 1 FOR 16), 'hex')::uuid;
