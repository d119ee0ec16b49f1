-- function_round_up_moment: a computed moment, up to the next step (15 minutes), so that not_before is never per user.
-- params: moment timestamptz, step interval
-- returns: one (round_up_moment timestamptz)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.round_up_moment(moment timestamptz, step interval) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT CASE
    WHEN date_bin(step, moment, '2000-01-01 00:00+00') = moment THEN moment
    ELSE date_bin(step, moment, '2000-01-01 00:00+00') + step
END
$$;
