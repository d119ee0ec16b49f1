"""A stand-in taker: ends pushes by a written table instead of sending them, on the public contract.

For the demo and for trying things out. What becomes of a push follows from its identity alone, so
the same campaign ends the same way on every machine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from pushline.database.sql import Query
from pushline.send_queue.client import Answer, Batch, Lane, Outcome, SendQueue
from pushline.send_queue.refusal import StaleFence

INSERT_RECEIPTS = Query("send_queue/insert_receipts")

# Shares add up to 10,000; the first 32 bits of the push's identity choose.
FATES: tuple[tuple[int, Outcome, str], ...] = (
    (9600, Outcome.ACCEPTED, ""),
    (180, Outcome.REJECTED, "unregistered"),
    (60, Outcome.REJECTED, "invalid_address"),
    (40, Outcome.UNKNOWN, "provider_timeout"),
    (120, Outcome.WITHHELD, "logged_out"),
)
DELIVERED_SHARE = 9200
OPENED_SHARE: dict[Lane, int] = {"marketing": 600, "trigger": 1400}
# Later variants are opened a little more, so that a demo's experiment has something to find.
OPENED_MORE_PER_VARIANT = 150

log = structlog.get_logger()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _share(identity: UUID, part: int) -> int:
    """A number from 0 to 9999, independent for each of the parts 0 to 3 of an identity."""
    return int.from_bytes(identity.bytes[4 * part : 4 * part + 4]) % 10_000


def fate_of(identity: UUID) -> tuple[Outcome, str]:
    """What becomes of a push: outcome and reason."""
    left = _share(identity, 0)
    for share, outcome, reason in FATES:
        left -= share
        if left < 0:
            return outcome, reason
    raise AssertionError("the shares of FATES do not add up to 10,000")


def receipts_of(identity: UUID, lane: Lane, variant: int) -> list[str]:
    """What comes back for an accepted push: nothing, delivered, or delivered and opened."""
    if _share(identity, 1) >= DELIVERED_SHARE:
        return []
    opened = OPENED_SHARE[lane] + variant * OPENED_MORE_PER_VARIANT
    return ["delivered", "opened"] if _share(identity, 2) < opened else ["delivered"]


@dataclass(frozen=True)
class PretendTaker:
    """Takes batches and ends them; `engine` connects as pushline_sender.

    `max_per_second` slows it down (pushes). `stop` ends it after the batch in hand.
    """

    engine: Engine
    worker: str
    max_per_second: int | None = None
    stop: Event = field(default_factory=Event)
    clock: Callable[[], datetime] = _utc_now

    @property
    def queue(self) -> SendQueue:
        """The contract under this worker's name."""
        return SendQueue(self.engine, self.worker)

    def work_until_stopped(self, idle_seconds: float = 1.0) -> None:
        """Take whatever is due until `stop` is set; a database that is away is waited for."""
        while not self.stop.is_set():
            try:
                taken = self.work_once()
            except OperationalError as error:
                log.warning("queue_unreachable", error=str(error.orig).strip())
                taken = 0
            if not taken:
                self.stop.wait(idle_seconds)

    def work_until_empty(self) -> int:
        """Take what is due now; the number of pushes."""
        total = 0
        while not self.stop.is_set() and (taken := self.work_once()):
            total += taken
        return total

    def work_once(self) -> int:
        """Take one batch, if one is due; the number of pushes that ended."""
        total = 0
        for batch in self.queue.claim():
            try:
                total += self._end(batch)
            except StaleFence as error:
                log.warning("batch_lost", batch_id=batch.batch_id, error=str(error))
        return total

    def _end(self, batch: Batch) -> int:
        fates = {position: fate_of(batch.push_id_at(position)) for position in batch.waiting}
        answers = [Answer(position, Outcome.WITHHELD, "erased") for position in batch.erased]
        answers += [
            Answer(position, outcome, reason)
            for position, (outcome, reason) in fates.items()
            if outcome is Outcome.WITHHELD
        ]
        to_send = [
            position for position, (outcome, _) in fates.items() if outcome is not Outcome.WITHHELD
        ]
        begun = self.queue.begin(batch, to_send)
        answers += [Answer(position, *fates[position]) for position in begun.may_leave]
        self.queue.finish(batch, answers)
        if begun.refused_because:
            self.queue.release(batch)
        accepted = [
            position for position in begun.may_leave if fates[position][0] is Outcome.ACCEPTED
        ]
        self._receive(batch, accepted)
        log.info(
            "batch_ended",
            batch_id=batch.batch_id,
            run_id=batch.run_id,
            lane=batch.lane,
            pushes=len(answers),
            accepted=len(accepted),
            refused_because=begun.refused_because,
        )
        if self.max_per_second:
            self.stop.wait(len(answers) / self.max_per_second)
        return len(answers)

    def _receive(self, batch: Batch, accepted: Sequence[int]) -> None:
        now = self.clock()
        receipts = [
            (position, kind)
            for position in accepted
            for kind in receipts_of(batch.push_id_at(position), batch.lane, batch.variant)
        ]
        with self.engine.begin() as conn:
            INSERT_RECEIPTS.execute(
                conn,
                run_day=batch.run_day,
                batch_id=batch.batch_id,
                positions=[position for position, _ in receipts],
                kinds=[kind for _, kind in receipts],
                received_ats=[now] * len(receipts),
                insert_ids=[f"{batch.push_id_at(position)}:{kind}" for position, kind in receipts],
            )
