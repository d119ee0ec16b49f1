"""Takes batches from the send queue: what a sender needs, and all that it may do."""

import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Engine

from pushline.database.sql import Query
from pushline.kill_points import reach
from pushline.send_queue.literals import number_array, text_array
from pushline.send_queue.refusal import StaleFence, refusals

__all__ = [
    "Answer",
    "Batch",
    "Begun",
    "Finished",
    "Lane",
    "Outcome",
    "SendQueue",
    "StaleFence",
    "push_id",
]

Lane = Literal["trigger", "marketing"]
LANES: tuple[Lane, ...] = ("trigger", "marketing")
LEASE = timedelta(minutes=2)
# Between the fields of two pushes; stands in no JSON.
FIELDS_END = "\x1e"

CLAIM_BATCHES = Query("send_queue/claim_batches")
RENEW_LEASE = Query("send_queue/renew_lease")
BEGIN_POSITIONS = Query("send_queue/begin_positions")
FINISH_POSITIONS = Query("send_queue/finish_positions")
RELEASE_BATCH = Query("send_queue/release_batch")


class Outcome(IntEnum):
    """What became of a push on one installation."""

    LATER = 0  # nothing left; it waits and may begin again under the same claim
    UNDER_WAY = 1
    ACCEPTED = 2
    REJECTED = 3
    UNKNOWN = 4
    WITHHELD = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """A claimed batch: shared content once, one user a position (1-based; 0 = erased).

    `fields_text` holds a JSON array of values a position, in the order of `field_names`, parted by
    FIELDS_END; None without fields. decode_fields() gives them by name.
    `states` says which positions already have an end from an earlier claim (0 = waits).
    """

    batch_id: int
    run_day: date
    fence: int
    run_id: int
    lane: Lane
    class_: str
    variant: int
    language: str
    title: str
    body: str
    link: str
    image_url: str
    field_names: tuple[str, ...]
    users: tuple[int, ...]
    fields_text: str | None
    states: tuple[int, ...]
    not_before: datetime
    expires_at: datetime
    leave_by: datetime
    lease_until: datetime

    @property
    def waiting(self) -> list[int]:
        """Positions that may still begin."""
        return [
            position
            for position, (user, state) in enumerate(
                zip(self.users, self.states, strict=True), start=1
            )
            if state == 0 and user
        ]

    @property
    def erased(self) -> list[int]:
        """Positions whose person was erased; finish them as withheld."""
        return [
            position
            for position, (user, state) in enumerate(
                zip(self.users, self.states, strict=True), start=1
            )
            if state == 0 and not user
        ]

    def decode_fields(self) -> list[dict[str, Any]]:
        """Personal fields by position, from 0: name and value; empty where there are none.

        A batch is decoded as one flat array and its dictionaries are filled name by name: an array
        a push, or pairs to make a dictionary of, take three times as long, and a thousand lists
        alive at once call Python's garbage collector.
        """
        if self.fields_text is None:
            return [{} for _ in self.users]
        name, *others = self.field_names
        try:
            values = json.loads(self.fields_text.replace(f"]{FIELDS_END}[", ","))
        except ValueError:  # a person who was erased has an empty array
            values = []
        if len(values) != len(self.users) * len(self.field_names):
            rows = json.loads(f"[{self.fields_text.replace(FIELDS_END, ',')}]")
            return [dict(zip(self.field_names, row, strict=False)) for row in rows]
        width = len(self.field_names)
        pushes = [{name: value} for value in values[::width]]
        for start, other in enumerate(others, start=1):
            for push, value in zip(pushes, values[start::width], strict=True):
                push[other] = value
        return pushes

    def user_at(self, position: int) -> int:
        """The user at a position."""
        return self.users[position - 1]

    def push_id_at(self, position: int) -> UUID:
        """The identity of the push at a position."""
        return push_id(self.run_id, self.user_at(position))


@dataclass(frozen=True, slots=True)
class Begun:
    """Positions that may leave now, and why the others of those asked for may not."""

    may_leave: tuple[int, ...]
    refused_because: Literal["cancelled", "paused", "expired", "ended", "position"] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one position, on one installation or as a whole."""

    position: int
    outcome: Outcome
    reason: str = ""
    installation_id: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """How many positions changed, and whether the batch has no open position left."""

    changed: int
    is_done: bool


def push_id(run_id: int, user_id: int) -> UUID:
    """The identity of a push, as push.push_id computes it."""
    digest = hashlib.sha256(struct.pack(">qq", run_id, user_id)).digest()
    return UUID(bytes=digest[:16])


@dataclass(frozen=True)
class SendQueue:
    """The contract from a taker's side. Every call is a transaction of its own.

    `engine` connects as pushline_sender. `worker` names this taker for people who look for a stuck
    batch. `at` is for tests and replays by the planner's role; takers leave it out.
    Raises StaleFence when a batch is no longer ours, ContractBreach for a bug of the caller.
    """

    engine: Engine
    worker: str

    def claim(
        self,
        max_batches: int = 1,
        lanes: Sequence[Lane] = LANES,
        lease: timedelta = LEASE,
        at: datetime | None = None,
    ) -> list[Batch]:
        """Take up to `max_batches` due batches, the trigger lane first."""
        reach("claim.before_call")
        with refusals(), self.engine.begin() as conn:
            rows = CLAIM_BATCHES.all(
                conn,
                worker=self.worker,
                lanes=list(lanes),
                max_batches=max_batches,
                lease=lease,
                at=at,
            )
            reach("claim.before_commit")
        reach("claim.after_commit")
        return [
            Batch(
                batch_id=row.batch_id,
                run_day=row.run_day,
                fence=row.fence,
                run_id=row.run_id,
                lane=row.lane,
                class_=row._mapping["class"],  # noqa: SLF001 - SQLAlchemy's public name
                variant=row.variant,
                language=row.language,
                title=row.title,
                body=row.body,
                link=row.link,
                image_url=row.image_url,
                field_names=tuple(row.field_names),
                users=tuple(row.users),
                fields_text=row.fields_text,
                states=tuple(row.states),
                not_before=row.not_before,
                expires_at=row.expires_at,
                leave_by=row.leave_by,
                lease_until=row.lease_until,
            )
            for row in rows
        ]

    def renew(
        self, batch: Batch, lease: timedelta = LEASE, at: datetime | None = None
    ) -> datetime | None:
        """Prolong the lease; None when the batch has ended meanwhile."""
        with refusals(), self.engine.begin() as conn:
            until: datetime | None = RENEW_LEASE.scalar(
                conn, batch_id=batch.batch_id, fence=batch.fence, lease=lease, at=at
            )
        return until

    def begin(
        self, batch: Batch, positions: Sequence[int] | None = None, at: datetime | None = None
    ) -> Begun:
        """Commit the attempt before bytes leave; send only what it returns (None = all waiting)."""
        reach("begin.before_call")
        with refusals(), self.engine.begin() as conn:
            row = BEGIN_POSITIONS.one(
                conn,
                batch_id=batch.batch_id,
                fence=batch.fence,
                positions=None if positions is None else number_array(positions),
                at=at,
            )
            reach("begin.before_commit")
        reach("begin.after_commit")
        return Begun(tuple(row.may_leave), row.refused_because)

    def finish(
        self, batch: Batch, answers: Sequence[Answer], at: datetime | None = None
    ) -> Finished:
        """Record answers; all installations of a position in one call, open ones as UNDER_WAY."""
        reach("finish.before_call")
        with refusals(), self.engine.begin() as conn:
            row = FINISH_POSITIONS.one(
                conn,
                batch_id=batch.batch_id,
                fence=batch.fence,
                positions=number_array([answer.position for answer in answers]),
                outcomes=number_array([answer.outcome for answer in answers]),
                reasons=text_array([answer.reason for answer in answers]),
                installation_ids=text_array([answer.installation_id for answer in answers]),
                at=at,
            )
            reach("finish.before_commit")
        reach("finish.after_commit")
        return Finished(row.changed, row.is_done)

    def release(self, batch: Batch, at: datetime | None = None) -> int:
        """Give the batch back; the number of positions that wait again."""
        with refusals(), self.engine.begin() as conn:
            waiting: int = RELEASE_BATCH.scalar(
                conn, batch_id=batch.batch_id, fence=batch.fence, at=at
            )
        return waiting
