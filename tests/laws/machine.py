"""The product and its model live through the same days; after every step they must agree."""

from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection, Engine, text

from pushline.brief.approval import withdraw_approval
from pushline.brief.status import MoveRefused
from pushline.brief.versions import BriefStarted, move_brief
from pushline.errors import GiveUpRow, PushlineError
from pushline.plan.bucket import plan_bucket
from pushline.plan.due import create_due_runs, create_trigger_runs
from pushline.plan.passes import prepare_run
from pushline.plan.waves import (
    Wave,
    close_wave,
    freeze_audiences,
    plan_wave_buckets,
    start_wave,
)
from pushline.send_queue.offer import offer_pushes
from pushline.send_queue.refusal import OfferRefused
from pushline.trigger import switch_trigger
from tests.laws import hands, words
from tests.laws.company import Company
from tests.laws.model import BUCKETS, Content, PlannedRun, Source
from tests.laws.reading import compare, read_all
from tests.laws.town import one_connection, restart_numbers
from tests.oracle.clock import wall_clock
from tests.oracle.mirror import save_policy
from tests.oracle.model import User, World
from tests.oracle.worlds import EVENINGS

USER_IDS = tuple(range(1, 10))
TEAM = "shop"


class Killed(BaseException):
    """Whoever planned is gone before the commit."""


class PlanningMachine(RuleBasedStateMachine):
    """Who plans: briefs, triggers, offers, waves, people, policies. Taking is in TownMachine."""

    database: Engine
    # What was seen at the end of every example: a machine that does nothing proves nothing.
    seen: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.scope: AbstractContextManager[Any] = one_connection(self.database)
        self.engine = self.scope.__enter__()
        self.broken: set[str] = set()
        self.offers: dict[str, tuple[tuple[int, ...], Content, datetime]] = {}
        self.touches = 0
        self.company: Company | None = None

    def teardown(self) -> None:
        if self.company is not None:
            self.seen.update(self.company.count_ends())
            self.seen["worlds"] += 1
        self.scope.__exit__(None, None, None)

    @property
    def conn(self) -> Connection:
        return self.engine.conn

    @property
    def town(self) -> Company:
        assert self.company is not None
        return self.company

    @initialize(data=st.data())
    def begin(self, data: Any) -> None:
        """Nine people, of whom one may be unknown, a policy, four audiences."""
        restart_numbers(self.conn)
        self.now = data.draw(st.sampled_from(EVENINGS)) + data.draw(words.jumps)
        zone = data.draw(st.sampled_from(["Asia/Almaty", "Europe/Berlin", "America/New_York"]))
        self.conn.execute(text("UPDATE push.setting SET project_zone = :zone"), {"zone": zone})
        buckets = {
            user: int(
                self.conn.execute(text("SELECT push.bucket_of(:u)"), {"u": user}).scalar_one()
            )
            for user in USER_IDS
        }
        unknown = data.draw(words.often(0, *USER_IDS))
        users = {user: self._draw_user(data, user) for user in USER_IDS if user != unknown}
        for user in users.values():
            hands.settle(self.conn, user, self.now)
        self.audiences = {
            name: self._draw_audience(data, name, buckets) for name in words.AUDIENCES
        }
        policy = data.draw(words.policies_from(self.now - timedelta(days=1)))
        save_policy(self.conn, policy)
        world = World(
            users=users,
            policies=[policy],
            project_zone=zone,
            bucket_count=BUCKETS,
        )
        self.company = Company(world, self._snapshot)
        self.buckets = buckets
        for _ in range(2):
            self._write_brief(data)
        self.write_trigger(data.draw(words.trigger_contents()), is_on=True)

    def _draw_user(self, data: Any, user_id: int) -> User:
        both = frozenset({"marketing", "service"})
        return User(
            user_id=user_id,
            zone=data.draw(words.zones),
            locale=data.draw(words.locales),
            consents=data.draw(words.often(both, frozenset({"service"}))),
            is_reachable=data.draw(words.often(True, True, False)),
            is_control=data.draw(words.often(False, False, True)),
            weekly_limit=data.draw(words.weekly_limits),
        )

    def _draw_audience(self, data: Any, name: str, buckets: dict[int, int]) -> Any:
        least = {"everybody": 9, "some": 4, "few": 1, "nobody": 0}[name]
        order = data.draw(st.permutations(USER_IDS))[:least]
        parts: tuple[dict[int, tuple[int, ...]], ...] = ({}, {}, {})
        for user in order:
            part = parts[data.draw(words.often(0, 0, 0, 1, 2))]
            part[buckets[user]] = (*part.get(buckets[user], ()), user)
        return parts

    def _snapshot(self, audience: str) -> Any:
        return None if audience in self.broken else self.audiences[audience]

    def take_snapshot(self, run_id: int, now: datetime, /) -> None:
        """Stands in for the audience room: its SQL runs in a session of its own."""
        known = text("SELECT snapshot_at FROM push.run WHERE run_id = :r")
        if self.conn.execute(known, {"r": run_id}).scalar_one() is not None:
            return
        parts = self._snapshot(hands.audience_of(self.conn, run_id))
        if parts is None:
            raise PushlineError("The audience cannot be read.")
        hands.write_snapshot(self.conn, run_id, parts, now)

    @invariant()
    def product_and_model_agree(self) -> None:
        if self.company is not None:
            self.seen["steps"] += 1
            compare(self.company, self.conn)

    # ------------------------------------------------------------------ what people write

    @rule(jump=words.jumps)
    def wait(self, jump: timedelta) -> None:
        self.now += jump

    @rule(data=st.data())
    def write_brief(self, data: Any) -> None:
        self._write_brief(data)

    def _write_brief(self, data: Any) -> None:
        zone = self.town.world.project_zone
        content = data.draw(words.brief_contents(wall_clock(self.now, zone)))
        brief_id, code = hands.write_brief(self.conn, content, zone, "bek", self.now)
        source = Source("brief", brief_id, code, [content])
        self.town.sources.append(source)
        if data.draw(words.often(True, False)):
            self._approve(source, data.draw(words.often((0, 99), (1, 3))))

    def _approve(self, source: Source, band: tuple[int, int]) -> None:
        hands.approve(self.conn, source, band, self.now)
        source.approved[source.version] = (self.now, *band)
        if source.kind == "brief":
            source.status = "approved"

    def _pick(self, data: Any, kind: str) -> Source:
        return data.draw(st.sampled_from([s for s in self.town.sources if s.kind == kind]))

    def _has(self, kind: str) -> bool:
        return any(source.kind == kind for source in self.town.sources)

    @precondition(lambda self: self.company and self._has("brief"))
    @rule(data=st.data(), band=st.sampled_from([(0, 99), (0, 99), (1, 2)]))
    def approve_brief(self, data: Any, band: tuple[int, int]) -> None:
        source = self._pick(data, "brief")
        if source.status == "audience_ready":
            self._approve(source, band)

    @precondition(lambda self: self.company and self._has("brief"))
    @rule(data=st.data())
    def edit_brief(self, data: Any) -> None:
        """After approval it falls back; once somebody is decided it is refused."""
        source = self._pick(data, "brief")
        self.touches += 1
        content = replace(
            source.versions[-1],
            touch=self.touches,
            audience=data.draw(st.sampled_from(words.AUDIENCES)),
        )
        was_pinned = self.town.is_pinned(source)
        try:
            with self.engine.begin() as conn:
                zone = self.town.world.project_zone
                hands.edit_brief(conn, source, content, zone, self.now)
        except BriefStarted:
            assert was_pinned
            return
        assert not was_pinned
        source.versions.append(content)
        source.status = "audience_ready"
        source.approved.clear()

    @precondition(lambda self: self.company and self._has("brief"))
    @rule(data=st.data())
    def withdraw_approval(self, data: Any) -> None:
        source = self._pick(data, "brief")
        may = source.status in ("approved", "scheduled") and source.version in source.approved
        try:
            with self.engine.begin() as conn:
                withdraw_approval(conn, source.name, by="ana", now=self.now)
        except GiveUpRow:
            assert not may
            return
        assert may
        source.status = "audience_ready"
        del source.approved[source.version]

    @precondition(lambda self: self.company and self._has("brief"))
    @rule(data=st.data())
    def stop_brief(self, data: Any) -> None:
        source = self._pick(data, "brief")
        try:
            with self.engine.begin() as conn:
                move_brief(conn, source.name, "cancelled", by="ana", now=self.now)
        except MoveRefused:
            assert source.status == "sent"
            return
        source.status = "cancelled"
        source.approved.clear()

    @rule(content=words.trigger_contents(), is_on=words.often(True, False))
    def write_trigger(self, content: Content, *, is_on: bool) -> None:
        """A new trigger, or another version of one of the two."""
        name = f"trigger_{self.touches % 2}"
        self.touches += 1
        content = replace(content, touch=self.touches)
        trigger_id = hands.write_trigger(self.conn, name, content, self.now)
        known = [s for s in self.town.sources if (s.kind, s.source_id) == ("trigger", trigger_id)]
        if known:
            known[0].versions.append(content)
        else:
            self.town.sources.append(Source("trigger", trigger_id, name, [content]))
        source = next(s for s in self.town.sources if (s.kind, s.name) == ("trigger", name))
        self._approve(source, (0, 100))
        assert switch_trigger(self.conn, name, is_on=is_on)
        source.is_on = is_on

    @rule(is_on=words.often(False, True), is_under_way=st.booleans())
    def switch_trigger(self, *, is_on: bool, is_under_way: bool) -> None:
        """Off or on, perhaps while its wave has begun and decided nobody."""
        if is_under_way:
            self._tick("trigger", (0, 0))
        source = next(s for s in self.town.sources if s.kind == "trigger")
        assert switch_trigger(self.conn, source.name, is_on=is_on)
        source.is_on = is_on

    @rule(
        key=st.sampled_from("abcdef"),
        content=words.offer_contents(),
        users=st.lists(st.sampled_from(USER_IDS), min_size=1, max_size=12),
        later=st.sampled_from([-1, 0, 0, 0, 2, 30]),
    )
    def offer(self, key: str, content: Content, users: list[int], later: int) -> None:
        """New, repeated, or the same key with something else."""
        if data_known := self.offers.get(key):
            if later < 2:
                users, content, not_before = list(data_known[0]), *data_known[1:]
            else:
                not_before = self.now
        else:
            not_before = self.now + later * words.HOUR
        is_other = bool(data_known) and (tuple(users), content, not_before) != data_known
        if not data_known and not_before + content.ttl <= self.now:
            return
        try:
            with self.engine.begin() as conn:
                run_id = self._offer(conn, key, users[::-1], content, not_before)
        except OfferRefused:
            assert is_other
            return
        assert not is_other or (set(users), content) == (set(data_known[0]), data_known[1])
        if not data_known:
            self._learn_offer(run_id, content, users, not_before)
            self.offers[key] = (tuple(users), content, not_before)

    def _offer(
        self, conn: Connection, key: str, users: list[int], content: Content, not_before: datetime
    ) -> int:
        texts = {language: {"title": "T", "body": "B"} for language in content.languages}
        return offer_pushes(
            conn,
            team=TEAM,
            occasion_key=key,
            class_=content.push_class,  # type: ignore[arg-type]
            user_ids=users,
            content={
                "texts": texts,
                "tags": list(content.tags),
                "limit_mode": "defer" if content.is_deferring else "drop",
            },
            not_before=not_before,
            expires_at=not_before + content.ttl,
            at=self.now,
        )

    def _learn_offer(
        self, run_id: int, content: Content, users: list[int], not_before: datetime
    ) -> None:
        blocks: dict[int, tuple[int, ...]] = {}
        for user in sorted(set(users)):
            blocks[self.buckets[user]] = (*blocks.get(self.buckets[user], ()), user)
        found = self.conn.execute(
            text("SELECT source_id FROM push.run WHERE run_id = :r"), {"r": run_id}
        )
        self.town.add_offer(int(found.scalar_one()), content, blocks, not_before)
        self._learn_salts()

    # ------------------------------------------------------------------ planning

    def _learn_salts(self) -> None:
        """The salt of a source's splits is drawn by the product; equal for all its runs."""
        rows = {(row.source, row.occasion): row for row in read_all(self.conn).runs.values()}
        salts: dict[str, int] = {}
        for one in self.town.runs:
            if one.occasion in rows:
                one.run = replace(one.run, salt=rows[one.occasion].salt)
                kind = TEAM if one.source is None else one.run.source
                assert salts.setdefault(kind, one.run.salt) == one.run.salt

    def _run_id(self, one: PlannedRun) -> int:
        return int(read_all(self.conn).runs[one.occasion].run_id)

    @rule(jump=words.jumps)
    def tick(self, jump: timedelta) -> None:
        """Both clocks, after a while."""
        self.now += jump
        self._tick("trigger", None)
        self._tick("marketing", None)

    @rule(lane=st.sampled_from(["marketing", "trigger"]))
    def tick_of_one_clock(self, lane: Any) -> None:
        self._tick(lane, None)

    @rule(
        lane=st.sampled_from(["marketing", "trigger"]),
        death=st.tuples(st.integers(0, BUCKETS - 1), st.integers(0, 2)),
    )
    def tick_that_dies(self, lane: Any, death: tuple[int, int]) -> None:
        """Whole buckets, then some runs of one, then one that never commits; nothing is closed."""
        self._tick(lane, death)

    def _tick(self, lane: Any, death: tuple[int, int] | None) -> None:
        if lane == "marketing":
            create_due_runs(self.engine, self.now)
            self.town.create_brief_runs(self.now)
        else:
            create_trigger_runs(self.engine, lambda _: hands.SQL_HASH, self.now)
            self.town.create_trigger_runs(self.now)
        self._learn_salts()
        wave = start_wave(self.engine, lane, self.now)
        self._plan(wave, self.town.start_wave(lane, self.now), death)

    def _plan(self, wave: Wave, taken: list[PlannedRun], death: tuple[int, int] | None) -> None:
        number = self.town.waves
        freeze_audiences(self.engine, wave, self.take_snapshot)
        self.town.freeze(taken, self.now)
        last = BUCKETS - 1 if death is None else death[0] - 1
        plan_wave_buckets(self.engine, wave.wave_id, 0, last)
        self.town.plan(number, self.now, range(last + 1))
        if death is not None:
            self._die_in(number, *death)
            return
        close_wave(self.engine, wave.wave_id, self.now)
        self.town.close_wave(number)

    def _die_in(self, wave: int, bucket: int, commits: int) -> None:
        going = [r for r in self.town.wave_runs(wave) if not self.town.is_refused(r)]
        for place, one in enumerate(going[: commits + 1]):
            run_id, is_last = self._run_id(one), place == commits
            try:
                with self.engine.begin() as conn:
                    plan_bucket(conn, prepare_run(conn, run_id, self.now), bucket, self.now)
                    if is_last:
                        raise Killed  # noqa: TRY301 - the transaction must see it
            except Killed:
                return
            if bucket not in one.decided:
                self.town.plan_bucket(one, bucket, self.now)
