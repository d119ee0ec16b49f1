-- function_first_open_moment: the first moment at which quiet hours and all counters let a user's push pass, or the first stopper.
-- params: moment timestamptz, deadline timestamptz, is_deferring boolean, step interval, zone_name text, project_zone text, quiet_from time, quiet_until time, push_times timestamptz[], push_slots bigint[], slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], slot_maximum integer[]
-- returns: one (open_moment timestamptz, stopper smallint)
-- writes: nothing
-- why: the exact law of two-sided windows, for the few users with a push planned later or a run that defers; all others take the cheap count in decide_at_once.
--   push_slots says by bits for which slots (1-based) a push counts; push_times are in ascending order. stopper: 0 = passes at open_moment, -1 = quiet hours, else the slot that stopped at the first moment.
--   Deferring tries at most 8 later moments: each time the latest end of all that stops now, rounded up.
CREATE OR REPLACE FUNCTION push.first_open_moment(
    moment timestamptz, deadline timestamptz, is_deferring boolean, step interval, zone_name text, project_zone text,
    quiet_from time, quiet_until time, push_times timestamptz[], push_slots bigint[],
    slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], slot_maximum integer[],
    OUT open_moment timestamptz, OUT stopper smallint
)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    tried timestamptz := moment;
    next_moment timestamptz;
    stop_end timestamptz;
    first_stopper smallint;
    counted timestamptz[];
BEGIN
    FOR attempt IN 0..8 LOOP
        EXIT WHEN tried >= deadline;
        next_moment := push.quiet_until(tried, zone_name, quiet_from, quiet_until);
        IF attempt = 0 AND next_moment IS NOT NULL THEN
            first_stopper := -1;
        END IF;
        FOR slot IN 1..coalesce(cardinality(slot_kind), 0) LOOP
            CONTINUE WHEN slot_maximum[slot] IS NULL OR cardinality(push_times) < slot_maximum[slot];
            counted := '{}';
            FOR nth IN 1..cardinality(push_times) LOOP
                IF push_slots[nth] & (1::bigint << (slot - 1)) <> 0 THEN
                    counted := counted || push_times[nth];
                END IF;
            END LOOP;
            CONTINUE WHEN cardinality(counted) < slot_maximum[slot];
            stop_end := push.stopped_until(
                tried, counted, slot_kind[slot], slot_length[slot], slot_unit[slot], slot_week_start[slot],
                CASE WHEN slot_kind[slot] = 'calendar_user' THEN zone_name ELSE project_zone END, slot_maximum[slot]
            );
            CONTINUE WHEN stop_end IS NULL;
            IF attempt = 0 THEN
                first_stopper := coalesce(first_stopper, slot::smallint);
            END IF;
            next_moment := greatest(next_moment, stop_end);
        END LOOP;
        IF next_moment IS NULL THEN
            open_moment := tried;
            stopper := 0;
            RETURN;
        END IF;
        EXIT WHEN NOT is_deferring OR next_moment = 'infinity';
        tried := push.round_up_moment(next_moment, step);
    END LOOP;
    open_moment := NULL;
    stopper := coalesce(first_stopper, 0);
END $$;
