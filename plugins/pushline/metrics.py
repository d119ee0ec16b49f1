"""What Pushline tells a monitoring system: numbers of the queue and of each wave, by lane.

The lane is the last part of a name, not a tag: plain StatsD knows no tags.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.send_queue.status import queue_status

LIST_WAVE_COUNTS = Query("report/list_wave_counts")
LANES = ("trigger", "marketing")

# What each means; docs/operations.md says it to people, a test compares the two.
GAUGES = (
    "pushline.queue_waiting",
    "pushline.queue_due",
    "pushline.queue_claimed",
    "pushline.queue_lag_seconds",
    "pushline.queue_paused",
    "pushline.planned_per_second",
)
COUNTERS = ("pushline.planned", "pushline.enqueued", "pushline.cap_hits")


@dataclass(frozen=True, slots=True)
class Metric:
    """One number to send: a gauge says how it is, a counter how much more there is."""

    kind: Literal["gauge", "counter"]
    name: str
    value: float


def measure_queue(conn: Connection, now: datetime) -> list[Metric]:
    """Depth and lag of both lanes as of `now`: pushes; seconds since the oldest due batch was due.

    `queue_paused` is 1 while the whole lane is paused.
    """
    metrics = []
    for lane in queue_status(conn, now).lanes:
        values = {
            "pushline.queue_waiting": lane.waiting,
            "pushline.queue_due": lane.due,
            "pushline.queue_claimed": lane.claimed,
            "pushline.queue_lag_seconds": lane.oldest_due.total_seconds() if lane.oldest_due else 0,
            "pushline.queue_paused": int(lane.is_paused),
        }
        metrics += [Metric("gauge", f"{name}.{lane.lane}", v) for name, v in values.items()]
    return metrics


def measure_wave(conn: Connection, wave_id: int) -> list[Metric]:
    """What an ended wave decided in the lanes that its runs travel in.

    The speed is over the wave from its moment to its end, snapshots and Airflow included.
    """
    metrics = []
    for row in LIST_WAVE_COUNTS.all(conn, wave_id=wave_id):
        if not row.decided:
            continue
        values = {
            "pushline.planned": row.decided,
            "pushline.enqueued": row.enqueued,
            "pushline.cap_hits": row.cap_hits,
        }
        metrics += [Metric("counter", f"{name}.{row.lane}", v) for name, v in values.items()]
        speed = row.decided / max(row.seconds, 0.001)
        metrics.append(Metric("gauge", f"pushline.planned_per_second.{row.lane}", round(speed, 1)))
    return metrics
