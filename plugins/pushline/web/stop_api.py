"""The stop button: a run, a lane, everything. Says what has left already before and after.

A run is cancelled: what waits is never sent. A lane and everything are paused: nothing leaves until
somebody lets it go on, so that a wrong alarm costs minutes and not a campaign.
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends

from pushline.plan.passes import GET_SETTING
from pushline.report.funnel import funnel
from pushline.send_queue.client import Lane
from pushline.send_queue.closing import cancel_run
from pushline.send_queue.pause import count_left, look_what_left, pause, resume
from pushline.send_queue.status import queue_status
from pushline.web.asked import Id
from pushline.web.auth import CAMPAIGNS, SENDING
from pushline.web.context import page_engine, reading
from pushline.web.guard import Asking, requires
from pushline.web.stops import show_stops

router = APIRouter(prefix="/api", dependencies=[Depends(requires("GET", CAMPAIGNS))])
_stops_run = [Depends(requires("PUT", SENDING, CAMPAIGNS))]
_stops_all = [Depends(requires("PUT", SENDING))]

RunId = Id


@router.get("/stops")
def list_stops(person: Asking) -> dict[str, Any]:
    """Return what is stopped now, by whom, and whether the reader may let it go on."""
    now = datetime.now(UTC)
    with reading() as conn:
        zone = ZoneInfo(GET_SETTING.one(conn).project_zone)
        return {"zone": zone.key, "stops": show_stops(conn, person, zone, now)}


@router.get("/stop/run/{run_id}")
def look_at_run(run_id: RunId) -> dict[str, Any]:
    """Say what stopping a run would stop: pushes that wait, users not decided yet."""
    now = datetime.now(UTC)
    with reading() as conn:
        found = funnel(conn, run_id)
        left = look_what_left(conn, now, run_id=run_id)
    return {
        "kind": "run",
        "id": run_id,
        "title": found.title,
        "status": found.status,
        "will_stop": left.waiting + found.not_planned_yet,
        "left_already": left.left_already,
        "waiting": left.waiting,
        "not_planned_yet": found.not_planned_yet,
        "is_stopped": found.status == "cancelled",
    }


@router.post("/stop/run/{run_id}", dependencies=_stops_run)
def stop_run(run_id: RunId, person: Asking) -> dict[str, Any]:
    """Cancel a run for good."""
    with reading() as conn:
        funnel(conn, run_id)  # raises UnknownRun
    done = cancel_run(page_engine(), run_id, person.name, datetime.now(UTC))
    return {
        "kind": "run",
        "id": run_id,
        "stopped": done.cancelled + done.undecided,
        "left_already": done.left_already,
        "waiting": 0,
        "undecided": done.undecided,
        "is_stopped": True,
    }


@router.post("/resume/run/{run_id}", dependencies=_stops_all)
def resume_run(run_id: RunId, person: Asking) -> dict[str, Any]:
    """Let a run that was paused in a shell go on; a cancelled one stays so."""
    with page_engine().begin() as conn:
        was_stopped = resume(conn, person.name, datetime.now(UTC), run_id=run_id)
    return {"kind": "run", "id": run_id, "was_stopped": was_stopped, "is_stopped": False}


@router.get("/stop/lane/{lane}")
def look_at_lane(lane: Lane) -> dict[str, Any]:
    """Say what pausing a lane would hold back."""
    return _look(lane)


@router.post("/stop/lane/{lane}", dependencies=_stops_all)
def stop_lane(lane: Lane, person: Asking) -> dict[str, Any]:
    """Pause a lane."""
    return _pause(lane, person.name)


@router.post("/resume/lane/{lane}", dependencies=_stops_all)
def resume_lane(lane: Lane, person: Asking) -> dict[str, Any]:
    """Let a lane go on."""
    return _resume(lane, person.name)


@router.get("/stop/all/all")
def look_at_all() -> dict[str, Any]:
    """Say what pausing everything would hold back."""
    return _look(None)


@router.post("/stop/all/all", dependencies=_stops_all)
def stop_all(person: Asking) -> dict[str, Any]:
    """Pause everything."""
    return _pause(None, person.name)


@router.post("/resume/all/all", dependencies=_stops_all)
def resume_all(person: Asking) -> dict[str, Any]:
    """Let everything go on; lanes and runs that are paused by themselves stay so."""
    return _resume(None, person.name)


def _look(lane: Lane | None) -> dict[str, Any]:
    now = datetime.now(UTC)
    with reading() as conn:
        left = look_what_left(conn, now, lane=lane)
        pauses = queue_status(conn, now).pauses
    scope = "lane" if lane else "all"
    held = [it for it in pauses if it.scope == scope and it.lane == lane]
    return _name(lane) | {
        "will_stop": left.waiting,
        "left_already": left.left_already,
        "waiting": left.waiting,
        "is_stopped": bool(held),
        "stopped_by": held[0].paused_by if held else None,
    }


def _pause(lane: Lane | None, by: str) -> dict[str, Any]:
    engine, now = page_engine(), datetime.now(UTC)
    with engine.begin() as conn:
        is_new = pause(conn, by, now, lane=lane)
    left = count_left(engine, now, lane=lane)
    return _name(lane) | {
        "stopped": left.waiting,
        "left_already": left.left_already,
        "waiting": left.waiting,
        "is_new": is_new,
        "is_stopped": True,
    }


def _resume(lane: Lane | None, by: str) -> dict[str, Any]:
    with page_engine().begin() as conn:
        was_stopped = resume(conn, by, datetime.now(UTC), lane=lane)
    return _name(lane) | {"was_stopped": was_stopped, "is_stopped": False}


def _name(lane: Lane | None) -> dict[str, Any]:
    return {"kind": "lane", "id": lane} if lane else {"kind": "all", "id": "all"}
