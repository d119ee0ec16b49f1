"""Results: runs with their numbers, one run in full, and the same as a file."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Connection, Row

from pushline.brief.occasions import resolve_local
from pushline.brief.write_sheet import guard_formula
from pushline.plan.passes import GET_SETTING
from pushline.report.agreed import AgreedReach, list_agreed_reaches
from pushline.report.funnel import Funnel, funnel, list_runs
from pushline.report.run_sentences import explain_note
from pushline.report.sentences import ENDS, name_end
from pushline.report.variants import VariantCount, list_variants
from pushline.web.asked import Day, Id
from pushline.web.auth import CAMPAIGNS
from pushline.web.context import Language, reading, say
from pushline.web.guard import Asking, requires
from pushline.web.sheet_view import show_moment
from pushline.web.stops import show_stops
from pushline.web.variants_view import show_variants

router = APIRouter(prefix="/api/results", dependencies=[Depends(requires("GET", CAMPAIGNS))])

# What people read of a run: the stages of push.run_stage.
RunStatus = Literal[
    "waiting", "held", "planning", "sending", "sent", "set_aside", "cancelled", "expired"
]
SourceKind = Literal["brief", "trigger", "foreign"]
MOST_RUNS = 100
MOST_EXPORTED = 5_000
_COUNTS = ("audience", "left_out", "not_planned_yet", "enqueued", *ENDS)


@router.get("")
def get_results(
    person: Asking,
    language: Language,
    first: Annotated[Day | None, Query(alias="from")] = None,
    after: Annotated[Day | None, Query(alias="to")] = None,
    run_status: Annotated[RunStatus | None, Query(alias="status")] = None,
    kind: SourceKind | None = None,
) -> dict[str, Any]:
    """Return runs, the latest occasion first; days are those of the project's clock."""
    with reading() as conn:
        zone = _zone(conn)
        rows = _list(conn, zone, first, after, run_status, kind, MOST_RUNS + 1)
        now = datetime.now(UTC)
        stops = show_stops(conn, person, zone, now)
    return {
        "zone": zone.key,
        "now": show_moment(now, zone),
        "runs": [_show_run(row, zone, language) for row in rows[:MOST_RUNS]],
        "has_more": len(rows) > MOST_RUNS,
        "stops": stops,
    }


@router.get("/export.csv")
def export_results(
    language: Language,
    first: Annotated[Day | None, Query(alias="from")] = None,
    after: Annotated[Day | None, Query(alias="to")] = None,
    run_status: Annotated[RunStatus | None, Query(alias="status")] = None,
    kind: SourceKind | None = None,
) -> Response:
    """Return the same runs as CSV, one row each; numbers add up from left to right."""
    with reading() as conn:
        zone = _zone(conn)
        rows = _list(conn, zone, first, after, run_status, kind, MOST_EXPORTED)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    heads = ["run", "brief", "title", "occasion", "status"]
    names = [say(language, f"results.column_{name}") for name in heads]
    names[3] += f" ({zone.key})"
    words = {"left_out": say(language, "results.left_out")}
    writer.writerow(names + [words.get(name) or name_end(name, language) for name in _COUNTS])
    for row in rows:
        facts = [
            str(row.run_id),
            row.campaign_code or "",
            row.title,
            f"{row.occasion.astimezone(zone):%Y-%m-%d %H:%M}",
            say(language, f"results.status_{row.stage}"),
        ]
        writer.writerow([guard_formula(it) for it in facts] + [getattr(row, it) for it in _COUNTS])
    name = f"results-{datetime.now(zone):%Y-%m-%d}.csv"
    return Response(
        b"\xef\xbb\xbf" + buffer.getvalue().encode(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.get("/{run_id}")
def get_result(run_id: Id, language: Language) -> dict[str, Any]:
    """Return one run in full: its funnel, its variants, what came back."""
    with reading() as conn:
        found = funnel(conn, run_id)
        variants = list_variants(conn, run_id)
        agreed = list_agreed_reaches(conn, [run_id]).get(run_id)
    return show_funnel(found, variants, agreed, language)


def show_agreed(found: Funnel, agreed: AgreedReach | None, language: str) -> str:
    """Return what was agreed to beside what was planned; "" for a run that needs no approval."""
    if agreed is None:
        return ""
    return say(
        language,
        "results.agreed",
        expected=agreed.expected,
        low=agreed.low,
        high=agreed.high,
        name=agreed.approved_by,
        enqueued=found.enqueued,
    )


def show_funnel(
    found: Funnel, variants: Sequence[VariantCount], agreed: AgreedReach | None, language: str
) -> dict[str, Any]:
    """Return a funnel as the page draws it: steps with words, users and depth; A beside B."""
    zone = ZoneInfo(found.zone)
    return {
        "run_id": found.run_id,
        "title": found.title,
        "code": found.campaign_code,
        "status": found.stage,
        "status_label": say(language, f"results.status_{found.stage}"),
        "status_note": explain_note(found.status_note, language),
        "occasion": show_moment(found.occasion, zone),
        "planned_at": show_moment(found.planned_at, zone),
        "kept_at": show_moment(found.kept_at, zone),
        "zone": found.zone,
        "audience": found.audience,
        "duplicates": found.duplicates,
        "steps": [
            {"words": words, "users": users, "depth": depth}
            for words, users, depth in found.steps(language)
        ],
        "faults": [fault.text(language) for fault in found.faults],
        "agreed": show_agreed(found, agreed, language),
        "variants": show_variants(found, variants, language),
    }


def is_open(row: Row[Any]) -> bool:
    """Tell whether the numbers of a run may still change."""
    return row.status in {"waiting", "held", "planning"} or bool(row.waiting or row.claimed)


def _show_run(row: Row[Any], zone: ZoneInfo, language: str) -> dict[str, Any]:
    return {
        "run_id": row.run_id,
        "title": row.title,
        "code": row.campaign_code,
        "kind": row.source_kind,
        "lane": row.lane,
        "status": row.stage,
        "status_label": say(language, f"results.status_{row.stage}"),
        "status_note": explain_note(row.status_note, language),
        "occasion": show_moment(row.occasion, zone),
        "counts": {name: getattr(row, name) for name in _COUNTS},
        "is_open": is_open(row),
        "wave_id": row.wave_id,
        "wave_planned_at": show_moment(row.wave_planned_at, zone),
        "dag_run": (
            f"/dags/{quote(row.dag_id, safe='')}/runs/{quote(row.dag_run_id, safe='')}"
            if row.dag_id and row.dag_run_id
            else None
        ),
    }


def _list(
    conn: Connection,
    zone: ZoneInfo,
    first: date | None,
    after: date | None,
    run_status: str | None,
    kind: str | None,
    most: int,
) -> Sequence[Row[Any]]:
    return list_runs(
        conn,
        statuses=[run_status] if run_status else None,
        occasion_from=_start_of(first, zone),
        occasion_until=_start_of(after, zone),
        source_kind=kind,
        most=most,
    )


def _start_of(day: date | None, zone: ZoneInfo) -> datetime | None:
    # The years that a date may have and an instant may not.
    if day is None or not date(1970, 1, 2) <= day <= date(9999, 12, 1) - timedelta(days=1):
        return None
    return resolve_local(datetime.combine(day, time()), zone)


def _zone(conn: Connection) -> ZoneInfo:
    return ZoneInfo(GET_SETTING.one(conn).project_zone)
