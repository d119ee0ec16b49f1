"""The pages of what goes out and what went out: calendar, results, the funnels of runs."""

from functools import partial
from typing import Any, get_args

from babel import Locale
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from pushline.brief.status import LABELS, STATUSES
from pushline.plan.tick import StartedBy, list_runs_of_dag_run
from pushline.report.agreed import list_agreed_reaches
from pushline.report.dry_runs import find_dry_run
from pushline.report.dry_runs import say as say_of_dry_run
from pushline.report.funnel import list_funnels
from pushline.report.variants import list_variants_of
from pushline.web.asked import Id, Word
from pushline.web.auth import CAMPAIGNS
from pushline.web.context import choose_language, reading, render, say, to_script
from pushline.web.guard import Asking, requires
from pushline.web.results_api import RunStatus, SourceKind, show_agreed
from pushline.web.sheet_view import ENDED
from pushline.web.variants_view import show_variants

router = APIRouter(dependencies=[Depends(requires("GET", CAMPAIGNS))])


@router.get("/calendar")
def show_calendar(request: Request) -> HTMLResponse:
    """Weeks and months of campaigns."""
    language = choose_language(request)
    return render(
        request,
        "calendar.html",
        tab="calendar",
        statuses=[
            *((key, LABELS[key].text(language)) for key in STATUSES),
            *((key, say(language, f"shell.status_{key}")) for key in ENDED.values()),
        ],
        names=to_script(_name_days(language)),
    )


@router.get("/results")
def show_results(request: Request, person: Asking) -> HTMLResponse:
    """Runs and what became of them."""
    return render(
        request,
        "results.html",
        tab="results",
        person=person,
        statuses=get_args(RunStatus),
        kinds=get_args(SourceKind),
    )


@router.get("/runs/{run_id}")
def show_run(request: Request, run_id: Id, person: Asking) -> HTMLResponse:
    """The funnel of one run."""
    language = choose_language(request)
    with reading() as conn:
        values = _read_runs(conn, [run_id], language)
    return render(request, "run.html", tab="results", person=person, **values)


@router.get("/dag-runs")
def show_dag_run(request: Request, dag_id: Word, run_id: Word, person: Asking) -> HTMLResponse:
    """The funnels of all runs that an Airflow run planned, or what its dry run counted."""
    language = choose_language(request)
    with reading() as conn:
        runs = list_runs_of_dag_run(conn, StartedBy(dag_id, run_id))
        values = _read_runs(conn, runs, language)
        if not runs:
            values["dry_run"] = find_dry_run(conn, dag_id, run_id)
            values["dry_words"] = partial(say_of_dry_run, language=language)
    return render(request, "run.html", tab="results", person=person, **values)


def _name_days(language: str) -> dict[str, list[str]]:
    """Return names of months and days, Monday first: browsers know none in Kazakh."""
    locale = Locale(language)
    months, days = locale.months, locale.days
    return {
        "months": [months["stand-alone"]["wide"][number] for number in range(1, 13)],
        "months_of": [months["format"]["wide"][number] for number in range(1, 13)],
        "months_short": [months["format"]["abbreviated"][number] for number in range(1, 13)],
        "days": [days["stand-alone"]["wide"][number] for number in range(7)],
        "days_short": [days["stand-alone"]["abbreviated"][number] for number in range(7)],
    }


def _read_runs(conn: Connection, run_ids: list[int], language: str) -> dict[str, Any]:
    funnels = list_funnels(conn, run_ids)
    variants = list_variants_of(conn, run_ids)
    agreed = list_agreed_reaches(conn, run_ids)
    return {
        "funnels": funnels,
        "agreed": {it.run_id: show_agreed(it, agreed.get(it.run_id), language) for it in funnels},
        "variants": {it.run_id: show_variants(it, variants[it.run_id], language) for it in funnels},
    }
