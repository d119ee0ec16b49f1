-- solve_quarantine: close what is no longer wrong: the row came again without that fault, or a full reading did not
--      meet it.
-- params: now timestamptz, is_full boolean
-- returns: none
-- writes: push.quarantine
UPDATE push.quarantine AS q SET solved_at = CAST(:now AS timestamptz)
WHERE
    q.solved_at IS NULL AND q.source IN ('person', 'consent', 'installation') AND q.seen_at < CAST(:now AS timestamptz)
    AND NOT EXISTS (
        SELECT FROM person_row AS p
        WHERE q.source = 'person' AND p.row_key = q.row_key AND p.reason = q.reason
    )
    AND NOT EXISTS (
        SELECT FROM consent_row AS c
        WHERE q.source = 'consent' AND c.row_key = q.row_key AND c.reason = q.reason
    )
    AND NOT EXISTS (
        SELECT FROM installation_row AS i
        WHERE
            q.source = 'installation' AND i.row_key = q.row_key
            AND coalesce(
                i.reason,
                CASE WHEN i.closed_reason IS NOT NULL THEN 'address belongs to an install that was seen later' END
            ) = q.reason
    )
    AND (
        CAST(:is_full AS boolean)
        OR EXISTS (
            SELECT FROM person_row AS p
            WHERE q.source = 'person' AND p.row_key = q.row_key
        )
        OR EXISTS (
            SELECT FROM consent_row AS c
            WHERE q.source = 'consent' AND c.row_key = q.row_key
        )
        OR EXISTS (
            SELECT FROM installation_row AS i
            WHERE q.source = 'installation' AND i.row_key = q.row_key
        )
    );
