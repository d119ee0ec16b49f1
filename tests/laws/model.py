"""A company that plans pushes, told in plain Python: what the product must do after every step.

Decisions come from tests.oracle; here is everything around them: who may leave, in which order,
what is pinned, what a cancel, an expiry or a crash leaves behind. It shares no code with the
product.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.laws.queue_model import CANCELLED, EXPIRED, WAITING, Batch
from tests.oracle import law
from tests.oracle.clock import instant_of
from tests.oracle.model import Decision, Enqueued, LeftOut, Push, Run, World

BUCKETS = 4
RUN_CANCELLED, RUN_EXPIRED = 17, 18
DAY = timedelta(days=1)
OPEN = ("waiting", "held", "planning", "set_aside")


@dataclass(frozen=True)
class Content:
    """What one version of a brief or a trigger says, as far as it changes decisions."""

    push_class: str
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    ttl: timedelta
    audience: str
    priority: int = 5
    is_deferring: bool = False
    control_share: int = 0
    variant_shares: tuple[int, ...] = (10_000,)
    throttle: int | None = None
    cool_down: timedelta | None = None
    send_at: datetime | None = None
    is_local: bool = False
    is_daily: bool = False
    touch: int = 0


@dataclass
class Source:
    """A brief or a trigger with its versions; `approved` maps a version to (when, low, high)."""

    kind: str
    source_id: int
    name: str
    versions: list[Content]
    status: str = "audience_ready"
    is_on: bool = False
    approved: dict[int, tuple[datetime, int, int]] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """The current version, from 1."""
        return len(self.versions)

    def may_leave(self) -> bool:
        """Whether its current version may be sent."""
        if self.version not in self.approved:
            return False
        if self.kind == "trigger":
            return self.is_on
        return self.status in ("approved", "scheduled", "sending")


@dataclass
class PlannedRun:
    """One occasion: the oracle's run and where its planning stands."""

    run: Run
    source: Source | None
    version: int
    lane: str
    clock: str
    due_at: datetime
    ttl: timedelta
    priority: int
    audience: str
    reach_low: int | None
    reach_high: int | None
    status: str = "waiting"
    has_snapshot: bool = False
    wave: int | None = None
    is_reach_approved: bool = False
    failed_buckets: set[int] = field(default_factory=set)
    decided: dict[int, dict[int, Decision]] = field(default_factory=dict)
    is_closed: bool = False

    @property
    def number(self) -> int:
        """Its place in the order of making."""
        return self.run.number

    @property
    def occasion(self) -> tuple[str, datetime]:
        """Source and slot: the key of a run."""
        return self.run.source, self.run.occasion

    def everybody(self, bucket: int) -> list[int]:
        """The users of its snapshot in one bucket."""
        parts = (self.run.blocks, self.run.excluded, self.run.over_max)
        return [user for part in parts for user in part.get(bucket, ())]

    def undone_users(self) -> list[int]:
        """Users nobody decided yet."""
        left = [bucket for bucket in range(BUCKETS) if bucket not in self.decided]
        return [user for bucket in left for user in self.everybody(bucket)]


@dataclass
class Company:
    """Everything; `snapshot` answers an audience's blocks, or None when its SQL fails."""

    world: World
    snapshot: Callable[[str], tuple[dict[int, tuple[int, ...]], ...] | None]
    sources: list[Source] = field(default_factory=list)
    runs: list[PlannedRun] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    pauses: set[str] = field(default_factory=set)
    waves: int = 0
    _numbers: int = 0

    def next_number(self) -> int:
        """The number of the next run."""
        self._numbers += 1
        return self._numbers

    def run_by(self, number: int) -> PlannedRun:
        """A run by its number."""
        return next(one for one in self.runs if one.number == number)

    # ------------------------------------------------------------------ making runs

    def create_brief_runs(self, now: datetime) -> None:
        """Runs of every due occasion; outdated ones that decided nothing go away first."""
        self._delete_outdated()
        for source in self.sources:
            if source.kind == "brief" and source.may_leave():
                for slot in self._occasions(source.versions[-1], now):
                    self._add_brief_run(source, slot, now)
        self._move_briefs()

    def create_trigger_runs(self, now: datetime) -> None:
        """One run a trigger and five minutes."""
        self._delete_outdated()
        for source in self.sources:
            if source.kind != "trigger" or not source.may_leave():
                continue
            occasion = now - (now - datetime.fromtimestamp(0, UTC)) % timedelta(minutes=5)
            content = source.versions[-1]
            tags = (source.name, f"trigger:{source.source_id}")
            self._add_run(
                source, content, occasion, occasion, occasion + content.ttl, tags, "trigger"
            )

    def add_offer(
        self, offer_id: int, content: Content, blocks: dict[int, tuple[int, ...]],
        not_before: datetime,
    ) -> PlannedRun:  # fmt: skip
        """What another team offered; its users are its snapshot."""
        lane = "marketing" if content.push_class == "marketing" else "trigger"
        source = Source("foreign", offer_id, "", [content])
        made = self._add_run(
            source, content, not_before, not_before, not_before + content.ttl, content.tags, lane
        )
        assert made is not None
        made.source, made.has_snapshot = None, True
        made.run = replace(made.run, blocks=blocks)
        return made

    def _delete_outdated(self) -> None:
        for one in list(self.runs):
            if (
                one.source is not None
                and one.status in ("waiting", "held", "set_aside")
                and not one.decided
                and not (one.source.may_leave() and one.source.version == one.version)
            ):
                self.runs.remove(one)

    def _occasions(self, content: Content, now: datetime) -> Iterable[tuple[datetime, datetime]]:
        """(wall clock, due) of the slots that became due in the last 28 days."""
        assert content.send_at is not None
        local = content.send_at
        for _ in range(400):
            due = instant_of(local, self.world.project_zone)
            if content.is_local:
                due = local.replace(tzinfo=UTC) - timedelta(hours=14)
            if due > now:
                return
            if due > now - 28 * DAY:
                yield local, due
            if not content.is_daily:
                return
            local += DAY

    def _add_brief_run(
        self, source: Source, slot: tuple[datetime, datetime], now: datetime
    ) -> None:
        local, due = slot
        content = source.versions[-1]
        occasion = instant_of(local, self.world.project_zone)
        expires = occasion + content.ttl
        if content.is_local:
            expires = local.replace(tzinfo=UTC) + timedelta(hours=12) + content.ttl
        is_missed = expires <= now
        if is_missed and due < source.approved[source.version][0]:
            return
        tags = (*content.tags, f"brief:{source.source_id}")
        made = self._add_run(source, content, occasion, due, expires, tags, "marketing")
        if made is None:
            return
        if content.is_local:
            made.run = replace(made.run, local_time=local)
        if is_missed:
            made.status = "expired"

    def _add_run(
        self, source: Source, content: Content, occasion: datetime, due: datetime,
        expires: datetime, tags: tuple[str, ...], clock: str,
    ) -> PlannedRun | None:  # fmt: skip
        name = f"{source.kind}:{source.source_id}"
        if any(one.occasion == (name, occasion) for one in self.runs):
            return None
        band = source.approved.get(source.version) if source.kind == "brief" else None
        run = Run(
            number=self.next_number(),
            source=name,
            occasion=occasion,
            expires_at=expires,
            blocks={},
            push_class=content.push_class,
            tags=tags,
            is_counted=content.push_class != "transactional",
            is_deferring=content.is_deferring,
            throttle=content.throttle,
            cool_down=content.cool_down,
            languages=content.languages,
            variant_shares=content.variant_shares,
            control_share=content.control_share,
        )
        made = PlannedRun(
            run=run,
            source=source,
            version=source.version,
            lane="marketing" if content.push_class == "marketing" else "trigger",
            clock=clock,
            due_at=due,
            ttl=content.ttl,
            priority=content.priority,
            audience=content.audience,
            reach_low=band[1] if band else None,
            reach_high=band[2] if band else None,
        )
        self.runs.append(made)
        return made

    def _move_briefs(self) -> None:
        for source in self.sources:
            if source.kind != "brief" or not source.may_leave():
                continue
            mine = [one for one in self.runs if one.source is source]
            statuses = {one.status for one in mine}
            is_open = statuses & set(OPEN) or any(
                batch.status in ("waiting", "claimed")
                for batch in self.batches
                if batch.run in {one.number for one in mine}
            )
            if mine and not is_open and not source.versions[-1].is_daily:
                source.status = "sent"
            elif statuses & {"planning", "planned"}:
                source.status = "sending"
            else:
                source.status = "scheduled"

    def is_pinned(self, source: Source) -> bool:
        """Whether somebody of an occasion is decided, so that an edit is refused."""
        if source.status in ("sent", "cancelled"):
            return True
        is_daily = source.versions[-1].is_daily
        return any(
            one.decided and (not is_daily or one.status in OPEN)
            for one in self.runs
            if one.source is source
        )

    # ------------------------------------------------------------------ planning

    def start_wave(self, lane: str, now: datetime) -> list[PlannedRun]:
        """The due runs of a clock, with what an earlier wave left unfinished."""
        self.waves += 1
        taken = [
            one
            for one in self.runs
            if one.status in ("waiting", "planning")
            and one.clock == lane
            and one.due_at <= now < one.run.expires_at
        ]
        for one in taken:
            one.status, one.wave = "planning", self.waves
        return taken

    def freeze(self, taken: list[PlannedRun], now: datetime) -> None:
        """Snapshots, then the approved band."""
        for one in taken:
            if not one.has_snapshot:
                blocks = self.snapshot(one.audience)
                if blocks is None:
                    one.status = "set_aside"
                    one.failed_buckets.add(-1)
                    continue
                one.run = replace(one.run, blocks=blocks[0], excluded=blocks[1], over_max=blocks[2])
                one.has_snapshot = True
            audience = sum(len(one.everybody(bucket)) for bucket in range(BUCKETS))
            if audience == 0 and not one.reach_low:
                one.status = "planned"
                continue
            if one.decided or one.is_reach_approved or one.reach_low is None:
                continue
            reach = self._reach(one, now)
            assert one.reach_high is not None
            if not one.reach_low <= reach <= one.reach_high:
                one.status = "held"

    def _reach(self, one: PlannedRun, now: datetime) -> int:
        self.world.ledger = self.ledger()
        found = [law.decide(self.world, one.run, now, bucket) for bucket in range(BUCKETS)]
        return sum(isinstance(d, Enqueued) for part in found for d in part.values())

    def plan(self, wave: int, now: datetime, buckets: Iterable[int]) -> None:
        """Bucket by bucket, the more important run first."""
        runs = self.wave_runs(wave)
        failed: set[int] = set()
        for bucket in buckets:
            for one in runs:
                if one.number in failed or bucket in one.decided:
                    continue
                if self.is_refused(one):
                    failed.add(one.number)
                    one.failed_buckets.add(bucket)
                    continue
                self.plan_bucket(one, bucket, now)

    def wave_runs(self, wave: int) -> list[PlannedRun]:
        """The runs that a wave is planning, the most important first."""
        mine = [r for r in self.runs if r.wave == wave and r.status == "planning"]
        return sorted(mine, key=lambda one: (one.priority, one.run.expires_at, one.number))

    def is_refused(self, one: PlannedRun) -> bool:
        """Frozen: its version must be approved, and the one in force until somebody is decided."""
        if one.source is None:
            return False
        if one.version not in one.source.approved:
            return True
        if one.decided:
            return False
        if one.source.kind == "brief" and one.source.status == "cancelled":
            return True
        return one.version != one.source.version

    def plan_bucket(self, one: PlannedRun, bucket: int, now: datetime) -> None:
        """Decide one bucket and put what is enqueued into batches."""
        self.world.ledger = self.ledger()
        one.decided[bucket] = law.decide(self.world, one.run, now, bucket)
        for user, decision in one.decided[bucket].items():
            if isinstance(decision, Enqueued):
                self._enqueue(one, bucket, user, decision)

    def _enqueue(self, one: PlannedRun, bucket: int, user: int, push: Enqueued) -> None:
        key = (one.number, bucket, push.variant, push.language, push.not_before)
        for batch in self.batches:
            if batch.key == key and batch.batch_id is None:
                batch.states[user] = WAITING
                return
        leave_by = min(
            one.run.expires_at, push.not_before + one.ttl, push.not_before + self.world.late_by
        )
        self.batches.append(Batch(*key, leave_by=leave_by, states={user: WAITING}))

    def close_wave(self, wave: int) -> None:
        """Planned when all buckets are decided, set aside when one failed."""
        for one in self.wave_runs(wave):
            if one.failed_buckets:
                one.status = "set_aside"
            elif len(one.decided) == BUCKETS:
                one.status = "planned"

    def ledger(self) -> list[Push]:
        """Every slot that is taken, from the batches alone."""
        return [
            Push(
                user, batch.run, batch.not_before, one.run.push_class, one.run.tags,
                one.run.is_counted,
            )
            for batch in self.batches
            if batch.holds_slots
            for one in [self.run_by(batch.run)]
            for user in batch.states
        ]  # fmt: skip

    # ------------------------------------------------------------------ ends

    def cancel(self, one: PlannedRun) -> None:
        """From now on nothing of it is planned, claimed or begun."""
        one.status, one.is_closed = "cancelled", False

    def close(self, one: PlannedRun, buckets: Iterable[int] = range(BUCKETS)) -> None:
        """Give undecided users the reason; end what waits of a cancelled run."""
        reason = RUN_CANCELLED if one.status == "cancelled" else RUN_EXPIRED
        for bucket in buckets:
            for batch in self.batches:
                is_open = batch.status in ("waiting", "claimed") and batch.users_in(WAITING)
                if (batch.run, batch.bucket) == (one.number, bucket) and is_open:
                    if one.status == "cancelled":
                        batch.stop_waiting(CANCELLED)
            if bucket not in one.decided and one.everybody(bucket):
                users = one.everybody(bucket)
                one.decided[bucket] = {user: LeftOut(reason) for user in users}

    def expire(self, now: datetime) -> None:
        """Lost leases, late batches, late runs; goes on with closing what was cut short."""
        self.take_back(now)
        for one in self.runs:
            if one.status in OPEN and one.run.expires_at <= now:
                if not one.has_snapshot or one.undone_users():
                    one.status = "expired"
        for batch in self.batches:
            if batch.status == "waiting" and batch.leave_by <= now:
                batch.stop_waiting(EXPIRED)
        for one in self.runs:
            if one.status in ("cancelled", "expired") and not one.is_closed:
                self.close(one)
                one.is_closed = True

    def take_back(self, now: datetime) -> None:
        """Leases that ran out."""
        for batch in self.batches:
            if batch.status == "claimed" and batch.lease_until is not None:
                if batch.lease_until <= now:
                    batch.give_back()

    def is_paused(self, one: PlannedRun) -> bool:
        """By itself, by its lane, or with everything."""
        return bool(self.pauses & {"all", one.lane, f"run {one.number}"})

    def claimable(self, now: datetime) -> list[Batch]:
        """Batches that may leave now, in the order of the contract."""
        found = [
            batch
            for batch in self.batches
            for one in [self.run_by(batch.run)]
            if batch.status == "waiting"
            and batch.not_before <= now < batch.leave_by
            and one.status != "cancelled"
            and not self.is_paused(one)
        ]
        return sorted(found, key=lambda b: (self.run_by(b.run).lane == "marketing", b.not_before))

    def erase(self, user: int) -> None:
        """A person is forgotten: counts stay, the id goes."""
        self.world.users[user] = replace(self.world.users[user], is_erased=True)
        for one in self.runs:
            one.run = replace(
                one.run,
                blocks=_forget(one.run.blocks, user),
                excluded=_forget(one.run.excluded, user),
                over_max=_forget(one.run.over_max, user),
            )
            for decisions in one.decided.values():
                if user in decisions:
                    decisions[-user] = decisions.pop(user)
        for batch in self.batches:
            for by_user in (batch.states, batch.answers):
                if user in by_user:
                    by_user[-user] = by_user.pop(user)  # type: ignore[attr-defined]

    def count_ends(self) -> Counter[str]:
        """How the days ended, by kind: decisions, runs, batches, pushes."""
        ends: Counter[str] = Counter()
        for one in self.runs:
            kind = one.run.source.split(":")[0]
            ends.update([f"run {one.status}", f"run of a {kind}"])
            for decisions in one.decided.values():
                for decision in decisions.values():
                    is_out = isinstance(decision, LeftOut)
                    ends[f"reason {decision.reason}" if is_out else "enqueued"] += 1  # type: ignore[union-attr]
        for batch in self.batches:
            ends[f"batch {batch.status}, slots {'kept' if batch.holds_slots else 'free'}"] += 1
            ends.update(f"push in state {state}" for state in batch.states.values())
        return ends


def _forget(blocks: dict[int, tuple[int, ...]], user: int) -> dict[int, tuple[int, ...]]:
    return {
        bucket: tuple(-one if one == user else one for one in users)
        for bucket, users in blocks.items()
    }
