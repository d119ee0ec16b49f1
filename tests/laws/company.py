"""A company that plans pushes, told in plain Python: what the product must do after every step.

Decisions come from tests.oracle; here is everything around them: who may leave, in which order,
what is pinned, what a cancel, an expiry or a crash leaves behind. It shares no code with the
product.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tests.laws.model import BUCKETS, OPEN, Books, PlannedRun
from tests.laws.queue_model import CANCELLED, EXPIRED, WAITING, Batch
from tests.oracle import law
from tests.oracle.model import Enqueued, LeftOut, Push

RUN_CANCELLED, RUN_EXPIRED = 17, 18


class Company(Books):
    """Everything: the books, the planner, the queue."""

    # ------------------------------------------------------------------ planning

    def start_wave(self, lane: str, now: datetime) -> list[PlannedRun]:
        """The due runs of a clock, with what an earlier wave left unfinished."""
        self.waves += 1
        taken = [
            one
            for one in self.runs
            if (one.status in ("waiting", "planning") or self.is_approved_again(one))
            and one.clock == lane
            and one.due_at <= now < one.run.expires_at
        ]
        for one in taken:
            one.status, one.wave = "planning", self.waves
        return taken

    def freeze(self, taken: list[PlannedRun], now: datetime) -> None:
        """Snapshots, then the approved bands."""
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
        self._hold_outside(_in_order([one for one in taken if one.status == "planning"]), now)

    def _hold_outside(self, going: list[PlannedRun], now: datetime) -> None:
        """Each with the slots that those before it take; who steps out leaves its own to the rest.

        A run whose band nobody has to look at after another one is judged by itself.
        """
        while any(one.is_judged for one in going[1:]):
            stopped = self._find_refused(going)
            if stopped is not None:
                self._set_aside(stopped, -1)
            else:
                stopped = self._find_outside(self._try_together(going, now))
                if stopped is None:
                    return
                stopped.status = "held"
            going = [one for one in going if one is not stopped]
        for one in going:
            if self._find_outside(self._try_together([one], now)):
                one.status = "held"

    def _find_refused(self, going: list[PlannedRun]) -> PlannedRun | None:
        for bucket in range(BUCKETS):
            for one in going:
                is_tried = one.everybody(bucket) and bucket not in one.decided
                if is_tried and self.is_refused(one):
                    return one
        return None

    def _try_together(self, going: list[PlannedRun], now: datetime) -> list[tuple[PlannedRun, int]]:
        tried: list[Push] = []
        for bucket in range(BUCKETS):
            for one in going:
                if bucket in one.decided:
                    continue
                self.world.ledger = [*self.ledger(), *tried]
                decided = law.decide(self.world, one.run, now, bucket)
                tried += [
                    _push_of(one, user, decision.not_before)
                    for user, decision in decided.items()
                    if isinstance(decision, Enqueued)
                ]
        users = Counter(push.run for push in tried)
        return [(one, users[one.number]) for one in going]

    def _find_outside(self, reaches: list[tuple[PlannedRun, int]]) -> PlannedRun | None:
        for one, users in reaches:
            if one.is_judged:
                assert one.reach_low is not None
                assert one.reach_high is not None
                if not one.reach_low <= users <= one.reach_high:
                    return one
        return None

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
                    self._set_aside(one, bucket)
                    continue
                self.plan_bucket(one, bucket, now)

    def _set_aside(self, one: PlannedRun, bucket: int) -> None:
        if not self.is_unapproved(one):
            one.failed_buckets.add(bucket)
        if self.is_unapproved(one) or bucket < 0:
            one.status = "set_aside"

    def wave_runs(self, wave: int) -> list[PlannedRun]:
        """The runs that a wave is planning, the most important first."""
        mine = [r for r in self.runs if r.wave == wave and r.status == "planning"]
        return _in_order(mine)

    def is_unapproved(self, one: PlannedRun) -> bool:
        """Its approval was taken back: it waits for another one."""
        return one.source is not None and one.version not in one.source.approved

    def is_approved_again(self, one: PlannedRun) -> bool:
        """It waited for nothing but its approval, and has it."""
        waited = one.status == "set_aside" and not one.failed_buckets
        return waited and not self.is_unapproved(one)

    def is_refused(self, one: PlannedRun) -> bool:
        """Frozen: its version must be approved, and the one in force until somebody is decided."""
        if one.source is None:
            return False
        if self.is_unapproved(one):
            return True
        if one.decided:
            return False
        if one.source.kind == "brief" and one.source.status == "cancelled":
            return True
        if one.source.kind == "trigger" and not one.source.is_on:
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
            _push_of(one, user, batch.not_before)
            for batch in self.batches
            if batch.holds_slots
            for one in [self.run_by(batch.run)]
            for user in batch.states
        ]

    # ------------------------------------------------------------------ ends

    def cancel(self, one: PlannedRun) -> None:
        """From now on nothing of it is planned, claimed or begun."""
        one.status, one.is_closed = "cancelled", False

    def close(self, one: PlannedRun, buckets: Iterable[int] = range(BUCKETS)) -> None:
        """Give undecided users the reason; end what waits of a cancelled run."""
        reason = RUN_CANCELLED if one.status == "cancelled" else RUN_EXPIRED
        for bucket in buckets:
            for batch in self.batches:
                is_here = (batch.run, batch.bucket) == (one.number, bucket)
                is_open = batch.status in ("waiting", "claimed") and batch.users_in(WAITING)
                if is_here and is_open and one.status == "cancelled":
                    batch.stop_waiting(CANCELLED)
            if bucket not in one.decided and one.everybody(bucket):
                users = one.everybody(bucket)
                one.decided[bucket] = {user: LeftOut(reason) for user in users}

    def expire(self, now: datetime) -> None:
        """Lost leases, late batches, late runs; goes on with closing what was cut short."""
        self.take_back(now)
        for one in self.runs:
            is_late = one.status in OPEN and one.run.expires_at <= now
            if is_late and (not one.has_snapshot or one.undone_users()):
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
            if batch.lease_until is not None and batch.lease_until <= now:
                batch.give_back()

    def is_paused(self, one: PlannedRun) -> bool:
        """By itself, by its lane, with everything, or because its approval was taken back."""
        return self.is_unapproved(one) or bool(self.pauses & {"all", one.lane, f"run {one.number}"})

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


def _in_order(runs: list[PlannedRun]) -> list[PlannedRun]:
    return sorted(runs, key=lambda one: (one.priority, one.run.expires_at, one.number))


def _push_of(one: PlannedRun, user: int, not_before: datetime) -> Push:
    run = one.run
    return Push(user, one.number, not_before, run.push_class, run.tags, run.is_counted)
