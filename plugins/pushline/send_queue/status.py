"""What the queue looks like now: per lane, and what is paused."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.send_queue.client import Lane

GET_LANE_STATUS = Query("send_queue/get_lane_status")
LIST_PAUSES = Query("send_queue/list_pauses")


@dataclass(frozen=True, slots=True)
class LaneStatus:
    """Pushes of one lane: open ones of any age, ended ones of the last 24 hours.

    `due` is the part of `waiting` that may leave now; `oldest_due` how long the first of it has
    been due; `pushes_per_minute` the speed of the last five minutes.
    """

    lane: Lane
    is_paused: bool
    waiting: int
    due: int
    claimed: int
    accepted: int
    rejected: int
    unknown: int
    withheld: int
    expired: int
    cancelled: int
    oldest_due: timedelta | None
    pushes_per_minute: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Something that is paused: all, a lane or a run, by whom and since when."""

    scope: str
    lane: Lane | None
    run_id: int | None
    title: str | None
    paused_by: str
    paused_at: datetime


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """Both lanes and all pauses, as of `now`."""

    now: datetime
    lanes: tuple[LaneStatus, ...]
    pauses: tuple[Pause, ...]

    def as_dict(self) -> Mapping[str, Any]:
        """Plain values for JSON: times in ISO format, ages in seconds."""
        return {
            "now": self.now.isoformat(),
            "lanes": [
                asdict(lane) | {"oldest_due": lane.oldest_due and lane.oldest_due.total_seconds()}
                for lane in self.lanes
            ],
            "pauses": [
                asdict(pause) | {"paused_at": pause.paused_at.isoformat()} for pause in self.pauses
            ],
        }


def queue_status(conn: Connection, now: datetime) -> QueueStatus:
    """Count the queue."""
    lanes = []
    for row in GET_LANE_STATUS.all(conn, now=now):
        values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
        oldest = values.pop("oldest_due_at")
        lanes.append(LaneStatus(**values, oldest_due=oldest and now - oldest))
    pauses = [Pause(**row._mapping) for row in LIST_PAUSES.all(conn)]  # noqa: SLF001 - same
    return QueueStatus(now, tuple(lanes), tuple(pauses))
