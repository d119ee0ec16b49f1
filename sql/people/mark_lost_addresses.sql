-- mark_lost_addresses: of several live installs with one address the one seen last keeps it; the others of the
--      company's are closed.
-- params: none
-- returns: none
-- writes: installation_row
-- why: a reinstalled app or a phone that was sold keeps its address; two owners would read each other's pushes.
UPDATE installation_row AS loser SET is_active = FALSE, closed_reason = 'address_moved'
FROM (
    SELECT
        c.installation_id,
        row_number() OVER (
            PARTITION BY c.address_kind, c.address
            ORDER BY coalesce(c.last_seen_at, c.changed_at) DESC, c.changed_at DESC, c.installation_id ASC
        ) AS place
    FROM (
        SELECT
            n.installation_id,
            n.address_kind,
            n.address,
            n.last_seen_at,
            n.changed_at
        FROM installation_row AS n
        WHERE n.reason IS NULL AND n.is_active
        UNION ALL
        SELECT
            old.installation_id,
            old.address_kind,
            old.address,
            old.last_seen_at,
            old.changed_at
        FROM push.installation AS old
        WHERE
            old.is_active
            AND (old.address_kind, old.address) IN (
                SELECT
                    n.address_kind,
                    n.address
                FROM installation_row AS n
                WHERE n.reason IS NULL AND n.is_active
            )
            AND old.installation_id NOT IN (
                SELECT n.installation_id FROM installation_row AS n
                WHERE n.reason IS NULL
            )
    ) AS c
) AS ranked
WHERE loser.installation_id = ranked.installation_id AND loser.reason IS NULL AND ranked.place > 1;
