"""Briefs, triggers, offers and their runs, told in plain Python; tests.laws.company plans them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.laws.queue_model import Batch
from tests.oracle.clock import instant_of
from tests.oracle.model import Decision, Run, World

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

    @property
    def band(self) -> tuple[int, int] | None:
        """The reach that a brief is approved for; None for what has none."""
        if self.kind != "brief" or self.version not in self.approved:
            return None
        return self.approved[self.version][1:]

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

    @property
    def is_judged(self) -> bool:
        """Whether it stands against a band: nobody decided or agreed to anything yet."""
        return not (self.decided or self.is_reach_approved or self.reach_low is None)

    def everybody(self, bucket: int) -> list[int]:
        """The users of its snapshot in one bucket."""
        parts = (self.run.blocks, self.run.excluded, self.run.over_max)
        return [user for part in parts for user in part.get(bucket, ())]

    def undone_users(self) -> list[int]:
        """Users nobody decided yet."""
        left = [bucket for bucket in range(BUCKETS) if bucket not in self.decided]
        return [user for bucket in left for user in self.everybody(bucket)]


@dataclass
class Books:
    """Who may leave; `snapshot` answers an audience's blocks, or None when its SQL fails."""

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
                and not (
                    one.source.may_leave()
                    and one.source.version == one.version
                    and one.source.band in (None, (one.reach_low, one.reach_high))
                )
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
            queued = {
                batch.run for batch in self.batches if batch.status in ("waiting", "claimed")
            } & {one.number for one in mine}
            is_open = bool(statuses & set(OPEN) or queued)
            is_daily = source.versions[-1].is_daily
            is_sending = any(
                one.status == "planned" and (not is_daily or one.number in queued) for one in mine
            )
            if mine and not is_open and not is_daily:
                source.status = "sent"
            elif "planning" in statuses or is_sending:
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
