"""The whole machine: planning, and whoever cancels, pauses, expires, claims, begins, finishes."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from pushline.errors import PushlineError
from pushline.send_queue import client, pause
from pushline.send_queue.closing import (
    CANCEL_RUNS,
    Cancelled,
    cancel_lane,
    cancel_run,
    close_bucket,
    expire_batches,
)
from pushline.send_queue.refusal import ContractBreach, StaleFence
from tests.laws import queue_model as queue
from tests.laws import words
from tests.laws.company import RUN_CANCELLED
from tests.laws.model import BUCKETS, PlannedRun
from tests.laws.people_machine import PeopleMachine
from tests.laws.queue_model import Batch
from tests.oracle.model import LeftOut

LANES = [["trigger", "marketing"], ["trigger", "marketing"], ["marketing"], ["trigger"]]
ENDS = [queue.ACCEPTED, queue.REJECTED, queue.UNKNOWN, queue.WITHHELD]


class TownMachine(PeopleMachine):
    """Everything at once."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[client.Batch, Batch]] = []
        self.claims: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        self.worker = client.SendQueue(self.engine, "worker-1")

    # ------------------------------------------------------------------ stopping

    def _has_left(self, one: PlannedRun, ended: Cancelled) -> None:
        mine = [batch for batch in self.town.batches if batch.run == one.number]
        begun = (queue.BEGUN, queue.ACCEPTED, queue.REJECTED, queue.UNKNOWN)
        assert ended.left_already == sum(len(batch.users_in(*begun)) for batch in mine)
        assert ended.cancelled == sum(len(batch.users_in(queue.CANCELLED)) for batch in mine)
        assert ended.undecided == sum(
            decision == LeftOut(RUN_CANCELLED)
            for decisions in one.decided.values()
            for decision in decisions.values()
        )

    @precondition(lambda self: self.company and self.town.runs)
    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        one = data.draw(st.sampled_from(self.town.runs))
        try:
            ended = cancel_run(self.engine, self._run_id(one), "ana", self.now)
        except PushlineError:
            assert one.status == "expired"
            return
        assert one.status != "expired"
        self.town.cancel(one)
        self.town.close(one)
        one.is_closed = True
        self._has_left(one, ended)

    @precondition(lambda self: self.company and self.town.runs)
    @rule(data=st.data(), buckets=st.sets(st.integers(0, BUCKETS - 1)))
    def cancel_that_dies(self, data: Any, buckets: set[int]) -> None:
        """The run's mark and some buckets; the rest is left to housekeeping."""
        one = data.draw(st.sampled_from(self.town.runs))
        if one.status in ("cancelled", "expired"):
            return
        run_id = self._run_id(one)
        with self.engine.begin() as conn:
            CANCEL_RUNS.all(conn, run_ids=[run_id], lane=None, who="ana", now=self.now)
        self.town.cancel(one)
        for bucket in buckets:
            close_bucket(self.engine, run_id, bucket, self.now)
        self.town.close(one, buckets)

    @precondition(lambda self: self.company and self.town.runs)
    @rule(lane=st.sampled_from(["marketing", "trigger", None]), sure=words.often(False, True))
    def cancel_lane(self, lane: Any, sure: bool) -> None:
        if not sure:
            return
        mine = [
            one
            for one in self.town.runs
            if lane in (None, one.lane)
            and (
                one.status in ("held", "planning", "set_aside")
                or (one.status == "planned" and self._is_under_way(one))
            )
        ]
        ended = cancel_lane(self.engine, lane, "ana", self.now)
        assert len(ended) == len(mine)
        for one in mine:
            self.town.cancel(one)
            self.town.close(one)
            one.is_closed = True

    def _is_under_way(self, one: PlannedRun) -> bool:
        return any(
            batch.status in ("waiting", "claimed")
            for batch in self.town.batches
            if batch.run == one.number
        )

    @rule()
    def expire(self) -> None:
        expire_batches(self.engine, self.now)
        self.town.expire(self.now)

    @rule(data=st.data(), scope=st.sampled_from(["all", "marketing", "trigger", "run"]))
    def pause_or_resume(self, data: Any, scope: str) -> None:
        place: dict[str, Any] = {} if scope == "all" else {"lane": scope}
        name = scope
        if scope == "run":
            if not self.town.runs:
                return
            one = data.draw(st.sampled_from(self.town.runs))
            place, name = {"run_id": self._run_id(one)}, f"run {one.number}"
        act = pause.resume if name in self.town.pauses else pause.pause
        assert act(self.conn, "ana", self.now, **place)
        self.town.pauses ^= {name}

    # ------------------------------------------------------------------ taking

    @rule(
        most=st.sampled_from([1, 3, 100]),
        lanes=st.sampled_from(LANES),
        lease=words.leases,
    )
    def claim(self, most: int, lanes: Any, lease: timedelta) -> None:
        self.town.take_back(self.now)
        may = [b for b in self.town.claimable(self.now) if self.town.run_by(b.run).lane in lanes]
        got = self.worker.claim(most, lanes, lease, at=self.now)
        by_id = {batch.batch_id: batch for batch in may}
        taken = [by_id[one.batch_id] for one in got]
        self._judge_claim(may, taken, most)
        for one, batch in zip(got, taken, strict=True):
            batch.claim(self.now + lease)
            self.claims[batch.run].append((self.now, len(batch.states)))
            self.taken.append((one, batch))
        self._judge_throttles({batch.run for batch in taken})

    @rule(data=st.data())
    def send(self, data: Any) -> None:
        """Claim what there is, begin all of it, answer for most."""
        before = len(self.taken)
        self.claim(100, LANES[0], timedelta(minutes=2))
        for one, batch in self.taken[before:]:
            self._begin(one, batch, None)
            self._finish(data, one, batch, is_wrong=False)

    def _judge_claim(self, may: list[Batch], taken: list[Batch], most: int) -> None:
        def rank(batch: Batch) -> Any:
            return self.town.run_by(batch.run).lane == "marketing", batch.not_before

        ranks = [rank(batch) for batch in taken]
        assert ranks == sorted(ranks)
        if not any(self.town.run_by(batch.run).run.throttle for batch in may):
            assert ranks == [rank(batch) for batch in may][:most]
        else:
            free = [batch for batch in may if not self.town.run_by(batch.run).run.throttle]
            assert len(taken) >= min(most, len(free))

    def _judge_throttles(self, numbers: set[int]) -> None:
        """In any minute at most so many, or one batch that is bigger alone."""
        for number in numbers:
            throttle = self.town.run_by(number).run.throttle
            minute = self.now - timedelta(minutes=1)
            recent = [pushes for at, pushes in self.claims[number] if at > minute]
            assert throttle is None or sum(recent) <= throttle or len(recent) == 1

    def _is_cancelled(self, batch: Batch) -> bool:
        return self.town.run_by(batch.run).status == "cancelled"

    def _user(self, batch: Batch, user: int) -> int:
        return user if user in batch.states else -user

    def _pick_taken(self, data: Any) -> tuple[client.Batch, Batch]:
        return data.draw(st.sampled_from(self.taken[-6:]))

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), is_all=st.booleans())
    def begin_pushes(self, data: Any, is_all: bool) -> None:
        one, batch = self._pick_taken(data)
        places = st.integers(1, len(one.users))
        self._begin(one, batch, None if is_all else data.draw(st.lists(places, unique=True)))

    def _begin(self, one: client.Batch, batch: Batch, asked: list[int] | None) -> None:
        run = self.town.run_by(batch.run)
        reason = None
        if run.status == "cancelled":
            reason = "cancelled"
        elif batch.status != "claimed":
            reason = "ended"
        elif batch.leave_by <= self.now:
            reason = "expired"
        elif self.town.is_paused(run):
            reason = "paused"
        try:
            begun = self.worker.begin(one, asked, at=self.now)
        except StaleFence:
            assert one.fence != batch.fence
            return
        assert one.fence == batch.fence
        if reason is not None:
            assert (begun.refused_because, begun.may_leave) == (reason, ())
            return
        may = tuple(
            place
            for place in (range(1, len(one.users) + 1) if asked is None else sorted(asked))
            for user in [one.users[place - 1]]
            if user and batch.states.get(user) == queue.WAITING
        )
        assert begun.may_leave == may
        assert begun.refused_because in (None, "position")
        for place in may:
            batch.states[one.users[place - 1]] = queue.BEGUN

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), is_wrong=words.often(False, False, True))
    def finish_pushes(self, data: Any, is_wrong: bool) -> None:
        """Answers for some positions; one for a push that never began is refused."""
        one, batch = self._pick_taken(data)
        self._finish(data, one, batch, is_wrong=is_wrong)

    def _finish(self, data: Any, one: client.Batch, batch: Batch, *, is_wrong: bool) -> None:
        answers: list[client.Answer] = []
        told: list[tuple[int, int]] = []
        is_breach = False
        for place, id_then in enumerate(one.users, start=1):
            user = self._user(batch, id_then)
            if id_then == 0 or not data.draw(words.often(True, False)):
                continue
            state = batch.states[user]
            outcome = data.draw(st.sampled_from(self._answers(state)))
            if is_wrong and state in (queue.WAITING, queue.EXPIRED, queue.CANCELLED):
                outcome, is_breach = queue.ACCEPTED, True
            answers.append(client.Answer(place, client.Outcome(outcome)))
            told.append((user, outcome))
        if not answers:
            return
        try:
            done = self.worker.finish(one, answers, at=self.now)
        except StaleFence:
            assert one.fence != batch.fence
            return
        except ContractBreach:
            assert is_breach
            return
        assert one.fence == batch.fence
        assert not is_breach
        for user, outcome in told:
            batch.answer(user, outcome, is_cancelled=self._is_cancelled(batch))
        assert batch.close_when_done() == done.is_done

    @staticmethod
    def _answers(state: int) -> list[int]:
        if state == queue.BEGUN:
            return [queue.WAITING, *ENDS]
        return [queue.WITHHELD] if state in (0, queue.EXPIRED, queue.CANCELLED) else ENDS

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), lets_go=st.booleans())
    def release_or_renew(self, data: Any, lets_go: bool) -> None:
        one, batch = self._pick_taken(data)
        try:
            if lets_go:
                waiting = self.worker.release(one, at=self.now)
            else:
                until = self.worker.renew(one, timedelta(minutes=9), at=self.now)
        except StaleFence:
            assert one.fence != batch.fence
            return
        assert one.fence == batch.fence
        if not lets_go:
            assert (until is None) == (batch.status != "claimed")
            batch.lease_until = until
        elif batch.status == "claimed":
            batch.give_back()
            assert waiting == len(batch.users_in(queue.WAITING))
        else:
            assert waiting == 0
