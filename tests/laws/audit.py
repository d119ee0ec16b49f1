"""An audit of everything that was ever decided, in plain SQL: no function of the product is asked.

"Over" and "under" are judged per decision, in commit order within the bucket, on planned times, by
the policy in force at that decision (design, section 3). Commit order is written down by triggers
of the audit's own while the bucket's lock is held; so are slots that came back.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

MICROSECOND = timedelta(microseconds=1)
# The longest that a calendar unit lasts, with an hour for the clocks.
_UNITS = {
    unit: timedelta(days=days, hours=1) for unit, days in (("day", 1), ("week", 7), ("month", 31))
}
_WATCH = [
    "CREATE SCHEMA audit",
    "CREATE SEQUENCE audit.clock",
    "CREATE TABLE audit.mark (run_id bigint, bucket smallint, ordinal bigint)",
    "CREATE TABLE audit.release (batch_id bigint, ordinal bigint)",
    """CREATE FUNCTION audit.note_mark() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO audit.mark VALUES (new.run_id, new.bucket, nextval('audit.clock'));
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION audit.note_release() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO audit.release VALUES (new.batch_id, nextval('audit.clock'));
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER audit AFTER INSERT ON push.run_bucket
    FOR EACH ROW EXECUTE FUNCTION audit.note_mark()""",
    """CREATE TRIGGER audit AFTER UPDATE ON push.send_batch FOR EACH ROW
    WHEN (old.holds_slots AND NOT new.holds_slots) EXECUTE FUNCTION audit.note_release()""",
]
# Times are whole microseconds: "exactly w ago does not count" must not depend on rounding.
_GATHER = [
    "DROP TABLE IF EXISTS audit.push, audit.refusal, audit.decision",
    """CREATE TABLE audit.push AS
    SELECT
        u.user_id, m.ordinal, coalesce(l.ordinal, 9223372036854775807) AS released,
        (extract(epoch FROM b.not_before) * 1000000)::bigint AS t,
        b.class::text AS class, b.tags, b.is_counted, b.run_id
    FROM push.send_batch AS b
    CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
    INNER JOIN audit.mark AS m ON m.run_id = b.run_id AND m.bucket = b.bucket
    LEFT JOIN audit.release AS l ON l.batch_id = b.batch_id""",
    """CREATE TABLE audit.refusal AS
    SELECT
        u.user_id, m.ordinal, d.run_id,
        d.reason::integer AS reason, d.rule_no::integer AS rule_no
    FROM push.decision_block AS d
    CROSS JOIN LATERAL unnest(d.users) AS u (user_id)
    INNER JOIN audit.mark AS m ON m.run_id = d.run_id AND m.bucket = d.bucket""",
    # A refused user has no planned time: it follows from the run, or from the user's own clock.
    """CREATE TABLE audit.decision AS
    SELECT
        row_number() OVER () AS decision_id, f.*, k.policy_id, r.class::text AS class, r.tags,
        r.source_kind || ':' || r.source_id AS source_tag, r.cool_down, z.name AS zone,
        p.weekly_limit::integer AS weekly_limit
    FROM (
        SELECT user_id, ordinal, run_id, t, true AS is_push, 0 AS reason, 0 AS rule_no
        FROM audit.push
        UNION ALL
        SELECT
            x.user_id, x.ordinal, x.run_id,
            (extract(epoch FROM greatest(k.planned_at, CASE
                WHEN r.local_time IS NULL THEN r.occasion
                WHEN r.local_time AT TIME ZONE z.name > k.planned_at - interval '60 minutes'
                    THEN r.local_time AT TIME ZONE z.name
                ELSE (r.local_time + interval '1 day') AT TIME ZONE z.name
            END)) * 1000000)::bigint,
            false, x.reason, x.rule_no
        FROM audit.refusal AS x
        INNER JOIN push.run AS r USING (run_id)
        INNER JOIN push.recipient AS p ON p.user_id = x.user_id
        INNER JOIN audit.home AS z USING (zone_id)
        INNER JOIN push.run_bucket AS k ON k.run_id = x.run_id AND k.bucket = p.bucket
        WHERE x.reason BETWEEN 11 AND 15
    ) AS f
    INNER JOIN push.run AS r USING (run_id)
    INNER JOIN push.recipient AS p USING (user_id)
    INNER JOIN audit.home AS z USING (zone_id)
    INNER JOIN push.run_bucket AS k ON k.run_id = f.run_id AND k.bucket = p.bucket""",
    "CREATE INDEX ON audit.push (user_id)",
    "ANALYZE audit.push",
    "ANALYZE audit.decision",
]
_HOME = """CREATE OR REPLACE VIEW audit.home AS
    SELECT z.zone_id, CASE WHEN z.zone_id = 0 THEN s.project_zone ELSE z.name END AS name
    FROM push.zone AS z CROSS JOIN push.setting AS s"""
# Every counter of every policy, each a row: what it limits, counts, and how many it allows.
_COUNTERS = """
    SELECT c.policy_id, 14 AS reason, c.rule_no::integer AS rule_no, c.class::text AS class, c.tag,
        c.window_kind AS kind, c.window_length AS length, c.calendar_unit AS unit,
        c.week_start::integer AS week_start, c.maximum::integer AS maximum,
        (c.maximum - c.reserve)::integer AS marketing_maximum
    FROM push.cap_rule AS c
    UNION ALL
    SELECT p.policy_id, 12, 0, NULL, NULL, 'rolling', p.minimum_gap, NULL, 1, 1, 1
    FROM push.policy AS p WHERE p.minimum_gap IS NOT NULL
    ORDER BY 1, 2, 3
"""
_SCOPE = """
    d.class <> 'transactional'
    AND (CAST(:policy_id AS integer) IS NULL OR d.policy_id = :policy_id)
    AND (CAST(:class AS text) IS NULL OR d.class = :class)
    AND (CAST(:tag AS text) IS NULL OR :tag = ANY(d.tags))
    AND (d.is_push OR (d.reason = :reason AND d.rule_no = :rule_no))
"""
_COUNTS = """
    q.user_id = d.user_id AND q.ordinal < d.ordinal AND q.released > d.ordinal AND q.is_counted
    AND (CAST(:class AS text) IS NULL OR q.class = :class)
    AND (CAST(:tag AS text) IS NULL OR :tag = ANY(q.tags))
"""
# Of all windows that hold the planned time, the fullest ends with it or with a later push.
_ROLLING = f"""
    WITH judged AS (SELECT d.* FROM audit.decision AS d WHERE {_SCOPE}),
    line AS (
        SELECT d.decision_id, d.t AS at, d.t, d.class = 'marketing' AS is_marketing FROM judged AS d
        UNION ALL
        SELECT d.decision_id, d.t, q.t, q.class = 'marketing'
        FROM judged AS d INNER JOIN audit.push AS q ON {_COUNTS}
        WHERE q.t > d.t - :length AND q.t < d.t + :length
    ),
    filled AS (
        SELECT decision_id, at, t,
            count(*) OVER fit AS pushes, count(*) FILTER (WHERE is_marketing) OVER fit AS marketing
        FROM line
        WINDOW fit AS (
            PARTITION BY decision_id ORDER BY t
            RANGE BETWEEN CAST(:just_less AS bigint) PRECEDING AND CURRENT ROW
        )
    ),
    fullest AS (
        SELECT decision_id, max(pushes) AS pushes, max(marketing) AS marketing
        FROM filled WHERE t >= at GROUP BY decision_id
    )
"""  # noqa: S608 - constants of this module
_CALENDAR = f"""
    WITH judged AS (SELECT d.* FROM audit.decision AS d WHERE {_SCOPE}),
    fullest AS (
        SELECT d.decision_id, 1 + count(q.t) AS pushes,
            1 + count(q.t) FILTER (WHERE q.class = 'marketing') AS marketing
        FROM judged AS d
        CROSS JOIN LATERAL (
            SELECT CASE WHEN CAST(:by_user AS boolean) THEN d.zone ELSE s.project_zone END AS zone,
                make_interval(days => :week_start - 1) AS shift
            FROM push.setting AS s
        ) AS c
        LEFT JOIN audit.push AS q ON {_COUNTS}
            AND q.t BETWEEN d.t - :reach AND d.t + :reach
            AND date_trunc(:unit, to_timestamp(q.t / 1e6) AT TIME ZONE c.zone - c.shift)
                = date_trunc(:unit, to_timestamp(d.t / 1e6) AT TIME ZONE c.zone - c.shift)
        GROUP BY d.decision_id
    )
"""  # noqa: S608 - constants of this module
_VERDICT = """
    SELECT
        count(*) FILTER (WHERE d.is_push) AS pushes,
        count(*) FILTER (WHERE NOT d.is_push) AS refusals,
        count(*) FILTER (WHERE d.is_push AND v.is_full) AS over,
        count(*) FILTER (WHERE NOT d.is_push AND NOT v.is_full) AS under,
        min(d.user_id) FILTER (WHERE d.is_push AND v.is_full) AS over_user,
        min(d.user_id) FILTER (WHERE NOT d.is_push AND NOT v.is_full) AS under_user
    FROM fullest AS f
    INNER JOIN judged AS d USING (decision_id)
    CROSS JOIN LATERAL (
        SELECT f.pushes > {maximum}
            OR (d.class = 'marketing' AND f.marketing > {marketing}) AS is_full
    ) AS v
"""
_OWN = """
    WITH judged AS (
        SELECT d.* FROM audit.decision AS d
        WHERE d.class <> 'transactional' AND d.weekly_limit IS NOT NULL
            AND (d.is_push OR d.reason = 13)
    )
"""
_COOL_DOWN = """
    SELECT
        count(*) FILTER (WHERE d.is_push) AS pushes,
        count(*) FILTER (WHERE NOT d.is_push) AS refusals,
        count(*) FILTER (WHERE d.is_push AND v.is_full) AS over,
        count(*) FILTER (WHERE NOT d.is_push AND NOT v.is_full) AS under,
        min(d.user_id) FILTER (WHERE d.is_push AND v.is_full) AS over_user,
        min(d.user_id) FILTER (WHERE NOT d.is_push AND NOT v.is_full) AS under_user
    FROM audit.decision AS d
    CROSS JOIN LATERAL (
        SELECT EXISTS (
            SELECT FROM audit.push AS q
            WHERE q.user_id = d.user_id AND q.ordinal < d.ordinal AND q.released > d.ordinal
                AND d.source_tag = ANY(q.tags)
                AND abs(q.t - d.t) < extract(epoch FROM d.cool_down) * 1000000
        ) AS is_full
    ) AS v
    WHERE d.cool_down IS NOT NULL AND (d.is_push OR d.reason = 15)
"""
_QUIET = """
    SELECT count(*) FILTER (WHERE d.is_push) AS pushes,
        count(*) FILTER (WHERE NOT d.is_push) AS refusals,
        count(*) FILTER (WHERE d.is_push AND v.is_quiet) AS over,
        count(*) FILTER (WHERE NOT d.is_push AND NOT v.is_quiet) AS under,
        min(d.user_id) FILTER (WHERE d.is_push AND v.is_quiet) AS over_user,
        min(d.user_id) FILTER (WHERE NOT d.is_push AND NOT v.is_quiet) AS under_user
    FROM audit.decision AS d
    INNER JOIN push.policy AS p USING (policy_id)
    CROSS JOIN LATERAL (SELECT (to_timestamp(d.t / 1e6) AT TIME ZONE d.zone)::time AS clock) AS w
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN p.quiet_from IS NULL THEN false
            WHEN p.quiet_from < p.quiet_until
                THEN w.clock >= p.quiet_from AND w.clock < p.quiet_until
            ELSE w.clock >= p.quiet_from OR w.clock < p.quiet_until
        END AS is_quiet
    ) AS v
    WHERE d.class <> 'transactional' AND (d.is_push OR d.reason = 11)
"""
_DOUBLED = """
    SELECT count(*) FROM (
        SELECT FROM (
            SELECT run_id, user_id FROM audit.push
            UNION ALL SELECT run_id, user_id FROM audit.refusal
        ) AS f GROUP BY run_id, user_id HAVING count(*) > 1
    ) AS twice
"""
_LOST = """
    SELECT count(*) FROM (
        SELECT a.run_id, u.user_id
        FROM push.audience_block AS a
        INNER JOIN audit.mark AS m USING (run_id, bucket)
        CROSS JOIN LATERAL unnest(a.users || a.excluded || a.over_max) AS u (user_id)
        EXCEPT ALL
        (SELECT run_id, user_id FROM audit.push UNION ALL SELECT run_id, user_id FROM audit.refusal)
    ) AS lost
"""


@dataclass
class Report:
    """What the audit looked at, and how many decisions it found wrong, by kind."""

    pushes: int = 0
    refusals: int = 0
    over: int = 0
    under: int = 0
    doubled: int = 0
    lost: int = 0
    details: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Nobody over, under, doubled or lost."""
        return not (self.over or self.under or self.doubled or self.lost)


def watch(conn: Connection) -> None:
    """Write down commit order and released slots from now on."""
    for statement in _WATCH:
        conn.execute(text(statement))
    conn.execute(text(_HOME))


def audit(conn: Connection) -> Report:
    """Judge every decision since `watch`."""
    for statement in _GATHER:
        conn.execute(text(statement))
    conn.execute(text("SET LOCAL work_mem = '128MB'"))
    report = Report()
    for counter in conn.execute(text(_COUNTERS)).mappings().all():
        _judge(conn, report, dict(counter))
    own = {"policy_id": None, "reason": 13, "rule_no": 0, "class": None, "tag": None}
    week = own | {"kind": "rolling", "length": timedelta(days=7)}
    _judge(conn, report, week, head=_rolling_of(_OWN), maximum="d.weekly_limit")
    _add(conn, report, "cool-down", _COOL_DOWN, {})
    _add(conn, report, "quiet hours", _QUIET, {})
    seen = conn.execute(
        text("SELECT count(*) FILTER (WHERE is_push) AS pushes,"
             " count(*) FILTER (WHERE NOT is_push) AS refusals FROM audit.decision")
    ).one()  # fmt: skip
    report.pushes, report.refusals = seen.pushes, seen.refusals
    report.doubled = conn.execute(text(_DOUBLED)).scalar_one()
    report.lost = conn.execute(text(_LOST)).scalar_one()
    return report


def _rolling_of(judged: str) -> str:
    return judged + _ROLLING[_ROLLING.index(",\n    line AS") :]


def _judge(
    conn: Connection, report: Report, counter: dict[str, Any], head: str = "", maximum: str = ""
) -> None:
    if counter["kind"] == "rolling":
        length = int(counter["length"] / MICROSECOND)
        counter |= {"length": length, "just_less": length - 1}
    else:
        reach = int(_UNITS[counter["unit"]] / MICROSECOND)
        counter |= {"by_user": counter["kind"] == "calendar_user", "reach": reach}
    verdict = _VERDICT.format(
        maximum=maximum or ":maximum", marketing=maximum or ":marketing_maximum"
    )
    statement = (head or (_ROLLING if counter["kind"] == "rolling" else _CALENDAR)) + verdict
    name = f"policy {counter['policy_id']}, reason {counter['reason']}, rule {counter['rule_no']}"
    names = text(statement)._bindparams.keys()
    _add(conn, report, name, statement, {key: counter[key] for key in names})


def _add(
    conn: Connection, report: Report, name: str, statement: str, values: dict[str, Any]
) -> None:
    found = conn.execute(text(statement), values).one()
    report.over += found.over
    report.under += found.under
    report.details.append(
        f"{name}: {found.pushes} pushes, {found.over} over (user {found.over_user});"
        f" {found.refusals} refused, {found.under} without need (user {found.under_user})"
    )
