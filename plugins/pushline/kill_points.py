"""Named places where a test may kill or stop this very process, to prove that nothing is lost.

Off unless PUSHLINE_KILL_AT was set when the process began ("plan.after_write:3" ends it by SIGKILL
at the third time, "plan.after_write:3:stop" stops it there by SIGSTOP until somebody goes on with
it). Nobody sets it outside the tests; then a point costs one comparison (35 ns measured, and a
bucket of a run passes five).
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

# Each is reached by a scenario of tests/faults; a name that is not here is refused.
POINTS = (
    "transaction.before_commit",
    "transaction.after_commit",
    "due.before_commit",
    "due.after_commit",
    "wave.before_commit",
    "wave.after_commit",
    "snapshot.after_read",
    "snapshot.after_blocks",
    "snapshot.before_commit",
    "snapshot.after_commit",
    "reach.before_commit",
    "reach.before_rollback",
    "plan.after_lock",
    "plan.before_write",
    "plan.after_write",
    "plan.before_commit",
    "plan.after_commit",
    "close_wave.before_commit",
    "claim.before_call",
    "claim.before_commit",
    "claim.after_commit",
    "begin.before_call",
    "begin.before_commit",
    "begin.after_commit",
    "finish.before_call",
    "finish.before_commit",
    "finish.after_commit",
    "offer.before_call",
    "offer.before_commit",
    "import.after_row",
    "import.before_commit",
    "approval.after_record",
    "approval.before_commit",
    "cancel.after_mark",
    "cancel.before_commit",
    "cancel.after_bucket",
)


class _Armed:
    """Counts how often one point is reached, and strikes at the chosen time."""

    def __init__(self, order: str) -> None:
        self.point, _, rest = order.partition(":")
        times, _, how = rest.partition(":")
        require_known(self.point)
        if not (times or "1").isdecimal() or how not in ("", "stop"):
            raise ValueError(f"PUSHLINE_KILL_AT={order}: write point:times or point:times:stop.")
        self.left = int(times or "1")
        self.signal = signal.SIGSTOP if how else signal.SIGKILL

    def arrive(self, point: str) -> None:
        require_known(point)
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), self.signal)


def require_known(point: str) -> None:
    """Raise ValueError for a name that is not in POINTS."""
    if point not in POINTS:
        raise ValueError(f"There is no kill point {point!r}; there are {', '.join(POINTS)}.")


def arm(order: str) -> None:
    """Choose where this process dies, as PUSHLINE_KILL_AT says it; empty: nowhere."""
    global _armed
    _armed = _Armed(order) if order else None


def reach(point: str) -> None:
    """Say that this point is reached; returns at once unless a test armed it."""
    if _armed is not None:
        _armed.arrive(point)


@contextmanager
def passing() -> Iterator[None]:
    """Let nothing happen at points that are reached in here: a trial takes the planner's steps."""
    global _armed
    was, _armed = _armed, None
    try:
        yield
    finally:
        _armed = was


_armed: _Armed | None = None
arm(os.environ.get("PUSHLINE_KILL_AT", ""))
