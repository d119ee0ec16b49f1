"""The queue as the contract tells it: batches, claims, leases, answers. Plain values, no database.

A user id below 0 stands for somebody who was erased: the database shows 0 there.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

WAITING, BEGUN, ACCEPTED, REJECTED, UNKNOWN, WITHHELD, EXPIRED, CANCELLED = range(8)
# The best of several answers for one push comes first.
BEST_FIRST = (ACCEPTED, UNKNOWN, BEGUN, WAITING, REJECTED, WITHHELD)


@dataclass
class Batch:
    """Pushes of one run, bucket, variant, language and moment; `states` by user."""

    run: int
    bucket: int
    variant: int
    language: str
    not_before: datetime
    leave_by: datetime
    states: dict[int, int]
    status: str = "waiting"
    was_claimed: bool = False
    fence: int = 0
    lease_until: datetime | None = None
    answers: dict[int, set[int]] = field(default_factory=dict)
    batch_id: int | None = None

    @property
    def key(self) -> tuple[int, int, int, str, datetime]:
        """What its pushes share; how many batches they fill is the product's own choice."""
        return self.run, self.bucket, self.variant, self.language, self.not_before

    @property
    def holds_slots(self) -> bool:
        """Whether its users' slots are taken: only a whole batch never claimed gives them back."""
        return self.was_claimed or self.status not in ("cancelled", "expired")

    def split(self, parts: dict[int, list[int]]) -> list["Batch"]:
        """The same pushes in the product's batches: users by batch_id."""
        assert sorted(user for users in parts.values() for user in users) == sorted(self.states)
        return [
            replace(self, batch_id=batch_id, answers={}, states=dict.fromkeys(users, WAITING))
            for batch_id, users in parts.items()
        ]

    def users_in(self, *states: int) -> list[int]:
        """The users in these states."""
        return [user for user, state in self.states.items() if state in states]

    def claim(self, lease_until: datetime) -> None:
        """A taker has it now."""
        self.status, self.was_claimed, self.lease_until = "claimed", True, lease_until
        self.fence += 1

    def give_back(self) -> None:
        """Its taker lost it or let go: begun pushes are unknown, the others wait again."""
        for user in self.users_in(BEGUN):
            self.states[user] = UNKNOWN
            self.answers.setdefault(user, set()).add(UNKNOWN)
        self.fence += 1
        self.lease_until = None
        self.status = "waiting" if self.users_in(WAITING) else "done"

    def stop_waiting(self, ending: int) -> None:
        """What still waits ends as cancelled or expired; what a taker began stays his."""
        for user in self.users_in(WAITING):
            self.states[user] = ending
        if not self.users_in(BEGUN):
            self.status = "cancelled" if ending == CANCELLED else "expired"
            self.lease_until = None

    def answer(self, user: int, outcome: int, *, is_cancelled: bool) -> None:
        """What became of a push; an ended one only gets better."""
        state = self.states[user]
        if state in (EXPIRED, CANCELLED):
            return
        if outcome == WAITING:
            if state == BEGUN:
                self.states[user] = CANCELLED if is_cancelled else WAITING
            return
        known = self.answers.setdefault(user, set())
        known.add(outcome)
        self.states[user] = min(known, key=BEST_FIRST.index)

    def close_when_done(self) -> bool:
        """Without an open push it is done."""
        is_done = self.status != "claimed" or not self.users_in(WAITING, BEGUN)
        if is_done and self.status == "claimed":
            self.status = "done"
        if is_done:
            self.lease_until = None
        return is_done
