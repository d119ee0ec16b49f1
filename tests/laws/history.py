"""Weeks of a company's life, made by the product itself: campaigns, triggers, takers, cancels.

Nothing here knows what should come out: tests.laws.audit judges it afterwards.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, text

from pushline.plan.due import create_due_runs, create_trigger_runs
from pushline.plan.waves import close_wave, freeze_audiences, plan_wave_buckets, start_wave
from pushline.send_queue.client import SendQueue
from pushline.send_queue.closing import cancel_run, expire_batches
from pushline.trigger import switch_trigger
from tests.laws import hands
from tests.laws.audit import watch
from tests.laws.model import Content, Source
from tests.laws.town import shrink
from tests.oracle.mirror import save_policy
from tests.oracle.model import Policy, Rule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = "Asia/Almaty"
# Clocks change in Europe and America within the first weeks.
START = datetime(2026, 10, 5, 0, tzinfo=UTC)
# As calendar months before and after; batches are found by their day.
LEAD, TAIL = timedelta(days=14), timedelta(days=40)
_PEOPLE = """
    INSERT INTO push.recipient
        (bucket, user_id, zone_id, language_id, consents, weekly_limit, is_reachable, is_control)
    SELECT push.bucket_of(u), u,
        CASE u % 5 WHEN 0 THEN 0 ELSE (
            SELECT z.zone_id FROM push.zone AS z
            WHERE z.name = (CAST(:zones AS text[]))[u % 5]
        ) END,
        (
            SELECT l.language_id FROM push.language AS l
            WHERE l.locale = CASE u % 3 WHEN 0 THEN 'kk' ELSE 'ru' END
        ),
        3, CASE WHEN u % 10 = 7 THEN (u / 10) % 4 END, u % 50 <> 49, u % 40 = 39
    FROM generate_series(1, CAST(:count AS bigint)) AS u
"""
_ZONES = "UPDATE push.zone SET is_used = true WHERE name = ANY(CAST(:zones AS text[]))"
_SNAPSHOT = """
    INSERT INTO push.audience_block (run_id, bucket, users)
    SELECT CAST(:run_id AS bigint), r.bucket, array_agg(r.user_id)
    FROM push.recipient AS r
    WHERE hashint8extended(r.user_id, CAST(:seed AS bigint)) & 1023 < CAST(:share AS integer)
    GROUP BY r.bucket
"""
_COUNT = """
    UPDATE push.run SET snapshot_at = :at, audience_rows = c.users, audience_users = c.users
    FROM (
        SELECT coalesce(sum(cardinality(users)), 0) AS users FROM push.audience_block
        WHERE run_id = :run_id
    ) AS c
    WHERE run_id = :run_id
"""
_NEW = "SELECT snapshot_at IS NULL FROM push.run WHERE run_id = :r"
_LOOKED_AT = ("recipient", "send_batch", "audience_block", "run", "run_bucket")


@dataclass
class History:
    """A company of so many users, played week by week; the same seed gives the same plans."""

    engine: Engine
    seed: int
    users: int
    buckets: int = 8
    planners: int = 2
    brief_chance: float = 0.3

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - nothing secret
        self.now = START
        self.user_weeks = 0
        self.worker = SendQueue(self.engine, "taker")

    def settle(self, weeks: int) -> None:
        """Move in; `weeks` says how far partitions must reach."""
        zones = ["Asia/Almaty", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]
        with self.engine.begin() as conn:
            shrink(conn, [(START - LEAD, START + weeks * 7 * DAY + TAIL)], self.buckets)
            conn.execute(text("UPDATE push.setting SET project_zone = :z"), {"z": ZONE})
            conn.execute(text(_ZONES), {"zones": zones})
            conn.execute(text(_PEOPLE), {"zones": zones, "count": self.users})
            watch(conn)
            save_policy(conn, self._draw_policy(START - DAY))
            for number in range(3):
                self._add_trigger(conn, f"trigger_{number}")
        self._look_at_tables()

    def live(self, weeks: int, is_over: Callable[[], bool] = lambda: False) -> None:
        """Play weeks, one after the other, unless it is over."""
        for week in range(weeks):
            if is_over():
                return
            if week and week % 4 == 0:
                with self.engine.begin() as conn:
                    save_policy(conn, self._draw_policy(self.now))
            for _ in range(7):
                self._live_day()
            self.user_weeks += self.users

    def _draw_policy(self, valid_from: datetime) -> Policy:
        pick = self.random.choice
        rules = [
            Rule(1, pick([3, 4]), window=7 * DAY, reserve=pick([1, 2])),
            Rule(2, pick([6, 8]), window=30 * DAY, reserve=2),
            Rule(3, 1, window=pick([DAY, 3 * DAY]), tag="sale"),
            Rule(4, pick([1, 2]), kind="calendar_user", unit="day", week_start=1),
            Rule(5, pick([3, 4]), kind="calendar_project", unit="week", week_start=pick([1, 7])),
            Rule(6, 2, window=2 * DAY, push_class="marketing"),
        ]
        kept = [rule for rule in rules if rule.number < 3 or self.random.random() < 0.6]
        numbered = [
            Rule(**{**vars(rule), "number": number}) for number, rule in enumerate(kept, start=1)
        ]
        quiet = pick([None, (time(22), time(8)), (time(1), time(6, 30))])
        return Policy(
            valid_from, quiet=quiet, gap=pick([4 * HOUR, 20 * HOUR]), rules=tuple(numbered)
        )

    def _add_trigger(self, conn: Connection, name: str) -> None:
        content = Content(
            push_class="transactional" if name == "trigger_2" else "trigger",
            tags=(),
            languages=("ru",),
            ttl=12 * HOUR,
            audience="everybody",
            is_deferring=self.random.random() < 0.5,
            cool_down=self.random.choice([DAY, 3 * DAY, 10 * DAY]),
        )
        source = Source("trigger", 0, name, [content])
        source.source_id = hands.write_trigger(conn, name, content, START - DAY)
        hands.approve(conn, source, (0, self.users), START - DAY)
        switch_trigger(conn, name, is_on=True)

    def _live_day(self) -> None:
        day = self.now
        taken_until = day
        for hour in sorted(self.random.sample(range(24), 2)):
            moment = day + hour * HOUR + self.random.randrange(60) * timedelta(minutes=1)
            self._take(taken_until, moment)
            self.now = taken_until = moment
            if self.random.random() < self.brief_chance:
                self._write_brief()
            if self.random.random() < 0.3:
                expire_batches(self.engine, self.now)
            runs = self._tick("marketing")
            if self.random.random() < 0.05:
                self._tick("trigger")
            for run_id in runs:
                if self.random.random() < 0.15:
                    cancel_run(self.engine, run_id, "ana", self.now)
        self.now = day + DAY
        self._take(taken_until, self.now)
        self._look_at_tables()

    def _look_at_tables(self) -> None:
        """What autovacuum does where it is on."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            for table in _LOOKED_AT:
                conn.execute(text(f"ANALYZE push.{table}"))

    def _take(self, since: datetime, until: datetime) -> None:
        """Takers come every 50 minutes, and sometimes not: then batches expire and free slots."""
        moment = since
        while moment < until:
            moment = min(moment + timedelta(minutes=50), until)
            if self.random.random() < 0.9:
                while self.worker.claim(1000, lease=HOUR, at=moment):
                    pass

    def _write_brief(self) -> None:
        pick, chance = self.random.choice, self.random.random
        local = self.now.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
        is_local = chance() < 0.2
        if is_local:
            local = datetime.combine(local.date(), time(pick([9, 12, 19])))
        content = Content(
            push_class="transactional" if chance() < 0.05 else "marketing",
            tags=("sale",) if chance() < 0.4 else (),
            languages=("kk", "ru"),
            ttl=pick([6, 24, 48]) * HOUR,
            audience="everybody",
            priority=pick([1, 5, 5, 9]),
            is_deferring=chance() < 0.4,
            control_share=pick([0, 500]),
            variant_shares=pick([(10_000,), (5_000, 10_000)]),
            send_at=local.replace(second=0, microsecond=0),
            is_local=is_local,
        )
        with self.engine.begin() as conn:
            brief_id, code = hands.write_brief(conn, content, ZONE, "bek", self.now)
            source = Source("brief", brief_id, code, [content])
            hands.approve(conn, source, (0, self.users), self.now)

    def _snapshot(self, run_id: int, now: datetime, /) -> None:
        with self.engine.begin() as conn:
            if not conn.execute(text(_NEW), {"r": run_id}).scalar_one():
                return
            is_small = self.random.random() < 0.15
            share = 2 if is_small else self.random.randrange(350, 700)
            seed = self.seed * 1_000_003 + run_id
            conn.execute(text(_SNAPSHOT), {"run_id": run_id, "seed": seed, "share": share})
            conn.execute(text(_COUNT), {"run_id": run_id, "at": now})

    def _tick(self, lane: str) -> tuple[int, ...]:
        if lane == "marketing":
            create_due_runs(self.engine, self.now)
        else:
            create_trigger_runs(self.engine, lambda _: hands.SQL_HASH, self.now)
        wave = start_wave(self.engine, lane, self.now)  # type: ignore[arg-type]
        wave = freeze_audiences(self.engine, wave, self._snapshot)
        if wave.run_ids:
            edges = [self.buckets * part // self.planners for part in range(self.planners + 1)]
            with ThreadPoolExecutor(self.planners) as pool:
                works = [
                    pool.submit(plan_wave_buckets, self.engine, wave.wave_id, first, after - 1)
                    for first, after in pairwise(edges)
                ]
                failed = sum(work.result().failed_runs for work in works)
            if failed:
                raise AssertionError(f"{failed} runs of wave {wave.wave_id} were set aside")
        close_wave(self.engine, wave.wave_id, self.now)
        return wave.run_ids
