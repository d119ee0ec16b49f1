"""The pages inside Airflow: funnels of runs. Every route asks who it is; nothing here writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Depends, FastAPI, HTTPException, Request, status
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from sqlalchemy import Connection

from pushline.database.engine import get_engine
from pushline.errors import DatabaseUnreachable, PendingMigrations, PushlineError
from pushline.plan.tick import StartedBy, list_runs_of_dag_run
from pushline.report.funnel import Funnel, funnel
from pushline.web.auth import CAMPAIGNS
from pushline.web.guard import requires

templates = Jinja2Templates(Path(__file__).parent / "templates")
templates.env.filters["in_zone"] = lambda moment, zone: (
    f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
)
# The list of its own routes would be public.
app = FastAPI(
    title="Pushline",
    dependencies=[Depends(requires("GET", CAMPAIGNS))],
    openapi_url=None,
    docs_url=None,
    redoc_url=None,
)


@contextmanager
def reading() -> Iterator[Connection]:
    """A read-only transaction; the database is looked for when somebody asks, not at the start."""
    try:
        engine = get_engine("planner")
    except (DatabaseUnreachable, PendingMigrations) as error:
        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, str(error)) from error
    with engine.connect().execution_options(postgresql_readonly=True) as conn:
        yield conn


def choose_language(request: Request) -> str:
    """Return en, unless the browser asks for Russian or Kazakh first."""
    asked = request.headers.get("accept-language", "")[:2].lower()
    return asked if asked in {"ru", "kk"} else "en"


def _render(request: Request, name: str, **values: Any) -> HTMLResponse:
    language = choose_language(request)
    return templates.TemplateResponse(request, name, {"language": language} | values)


@app.get("/runs/{run_id}")
def show_run(request: Request, run_id: int) -> HTMLResponse:
    """The funnel of one run."""
    with reading() as conn:
        return _render(request, "run.html", funnels=[_funnel(conn, run_id)])


@app.get("/dag-runs")
def show_dag_run(request: Request, dag_id: str, run_id: str) -> HTMLResponse:
    """The funnels of all runs that an Airflow run planned."""
    with reading() as conn:
        run_ids = list_runs_of_dag_run(conn, StartedBy(dag_id, run_id))
        return _render(request, "run.html", funnels=[_funnel(conn, one) for one in run_ids])


def _funnel(conn: Connection, run_id: int) -> Funnel:
    try:
        return funnel(conn, run_id)
    except PushlineError as error:
        raise HTTPException(status.HTTP_404_NOT_FOUND, str(error)) from error
