"""Routes of an approval: what an approver must see, giving it, taking it back.

An approval is of what was shown: the case carries the very cells that the page is to draw, beside
the version and the hash that come back with the yes. Another hash by then is refused.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from pushline.brief.sheet_history import find_sent_back
from pushline.brief.sheet_refusals import RowRefused
from pushline.brief.sheet_rows import get_record
from pushline.brief.sheet_steps import approve_row, open_case, send_back_row, withdraw_row
from pushline.brief.status import LABELS
from pushline.brief.utm_twins import find_twins
from pushline.desk import open_desk
from pushline.plan.queued import count_stopped, look_at_queue
from pushline.plan.reach import check_shown_reach, get_reach
from pushline.settings import get_settings
from pushline.web.asked import Code, Count, Reason
from pushline.web.auth import APPROVALS, AUDIENCES, CAMPAIGNS
from pushline.web.case_view import show_facts, show_sent_back, show_warnings
from pushline.web.context import Language, page_engine, reading, writing
from pushline.web.guard import Asking, requires
from pushline.web.newcomers import take_up_newcomer
from pushline.web.sheet_view import Viewer, list_problems, show_saved

router = APIRouter(
    prefix="/api/briefs",
    dependencies=[Depends(requires("GET", CAMPAIGNS)), Depends(take_up_newcomer)],
)
_steps = [Depends(requires("PUT", CAMPAIGNS, AUDIENCES, APPROVALS))]
_approves = [Depends(requires("PUT", APPROVALS))]


class Approve(BaseModel):
    """What the approver saw, and the number that they typed above the threshold."""

    model_config = ConfigDict(extra="forbid")

    version: int
    content_hash: Annotated[str, Field(max_length=64)]
    expected_reach: Annotated[int, Field(ge=0, le=2_000_000_000)]
    typed_number: int | None = None


class SendBack(BaseModel):
    """Why a brief is not approved, for who wrote it."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


@router.get("/{code}/approval")
def get_approval(
    code: Code, person: Asking, language: Language, reach: Count | None = None
) -> dict[str, Any]:
    """Return what an approver must see. reach: as the page shows it; else as last counted.

    cells: of exactly this version and hash, in one moment of the database; is_reach_fresh: so is
    the reach. queued: of its runs that are not over, what has left and what waits. facts: what else
    decides, in words. sent_back: who said no the last time, and why, until it is asked for again.
    """
    settings, now = get_settings(), datetime.now(UTC)
    with reading() as conn:
        desk = open_desk(conn, now)
        counted = get_reach(conn, code, now)
        last = counted.will_get if counted else None
        case = open_case(
            conn,
            desk.sheet_rules,
            code,
            by=person.name,
            now=now,
            reach=last if reach is None else reach,
            typed_from=settings.typed_number_from,
            price=settings.push_price,
        )
        brief_id = case.record.brief_id
        queued = None if brief_id is None else look_at_queue(conn, brief_id, now)
        sent_back = find_sent_back(conn, case.record)
        twin = find_twins(conn, [case.record]).get(code)
    record, refusal = case.record, case.refusal
    said = refusal.sentence if refusal else case.goes_on
    sentence = said.text(language) if said else None
    is_over = refusal is not None and refusal.key == "approval_too_late"
    if not (person.may_approve or is_over):
        sentence = None
    return {
        "code": code,
        "idea": record.cells.get("idea", ""),
        "facts": show_facts(record, desk.rules.zone, desk.audiences, language, case.reach),
        "warnings": show_warnings(list_problems(record, twin, language), language),
        "sent_back": show_sent_back(sent_back, desk.rules.zone),
        "status": record.status,
        "status_label": LABELS[record.status].text(language),
        "version": record.version,
        "content_hash": record.content_hash,
        "cells": record.cells,
        "editors": list(case.editors),
        "may_approve": person.may_approve and refusal is None,
        "sentence": sentence,
        "reach": case.reach,
        "is_reach_fresh": bool(counted and counted.is_fresh and case.reach == last),
        "band": {"low": case.band[0], "high": case.band[1]} if case.band else None,
        "needs_typed_number": case.needs_typed_number,
        "typed_number_from": settings.typed_number_from,
        "price": case.price,
        "cost": case.cost,
        "currency": settings.currency,
        "queued": {
            "left_already": queued.left_already if queued else 0,
            "waiting": queued.waiting if queued else 0,
        },
    }


@router.post("/{code}/approve", dependencies=_approves)
def approve(code: Code, body: Approve, person: Asking, language: Language) -> dict[str, Any]:
    """Approve what was shown; the answer's `band` is the reach at which it leaves by itself.

    The reach is the server's own count: another number, or an old count, is refused.
    """
    reach, now = body.expected_reach, datetime.now(UTC)
    with writing() as conn:
        desk = open_desk(conn, now)
        # Before the step, which may save the brief's version anew.
        counted = get_reach(conn, code, now)
        saved = approve_row(
            conn,
            desk.sheet_rules,
            code,
            version=body.version,
            content_hash=body.content_hash,
            expected_reach=reach,
            by=person.name,
            now=now,
        )
        typed_from = get_settings().typed_number_from
        check_shown_reach(
            counted, code, shown=reach, typed=body.typed_number, typed_from=typed_from
        )
        answer = show_saved(conn, saved, Viewer(person, language, desk.rules.zone, now))
        low, high = get_record(conn, code).band or (None, None)
    return answer | {"band": {"low": low, "high": high}}


@router.post("/{code}/send-back", dependencies=_approves)
def send_back(code: Code, body: SendBack, person: Asking, language: Language) -> dict[str, Any]:
    """Say no, and why: the brief goes back to its writers, who read the reason above it."""
    now = datetime.now(UTC)
    with writing() as conn:
        desk = open_desk(conn, now)
        saved = send_back_row(conn, code, body.reason, by=person.name, roles=person.roles, now=now)
        return show_saved(conn, saved, Viewer(person, language, desk.rules.zone, now))


@router.post("/{code}/withdraw", dependencies=_steps)
def withdraw(code: Code, person: Asking, language: Language) -> dict[str, Any]:
    """Take an approval back; the answer tells what that keeps in the queue, and what had left."""
    now = datetime.now(UTC)
    with writing() as conn:
        desk = open_desk(conn, now)
        saved = withdraw_row(conn, code, by=person.name, roles=person.roles, now=now)
        answer = show_saved(conn, saved, Viewer(person, language, desk.rules.zone, now))
        brief_id = get_record(conn, code).brief_id
    if brief_id is None:
        raise RowRefused("row_without_brief", code=code)
    left = count_stopped(page_engine(), brief_id, now)
    return answer | {"left_already": left.left_already, "waiting": left.waiting}
