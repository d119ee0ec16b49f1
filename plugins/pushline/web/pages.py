"""The pages themselves, and the files that they load; every one asks who it is."""

from pathlib import Path

from fastapi import APIRouter, Depends, HTTPException, Request, Response, status
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection
from starlette.exceptions import HTTPException as StarletteException
from starlette.staticfiles import StaticFiles

from pushline.errors import PushlineError
from pushline.plan.tick import StartedBy, list_runs_of_dag_run
from pushline.report.funnel import Funnel, funnel
from pushline.web.auth import CAMPAIGNS
from pushline.web.context import reading, render
from pushline.web.guard import requires

router = APIRouter(dependencies=[Depends(requires("GET", CAMPAIGNS))])
_files = StaticFiles(directory=Path(__file__).parent / "static")


@router.get("/")
def show_sheet(request: Request) -> HTMLResponse:
    """The campaign sheet; /?brief=C-2026-118 opens at that brief."""
    return render(request, "sheet.html", tab="sheet")


@router.get("/static/{path:path}")
async def show_file(request: Request, path: str) -> Response:
    """A script, style, font or picture of ours; kept by the browser, asked for again each time."""
    try:
        answer = await _files.get_response(path, request.scope)
    except StarletteException as error:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such file.") from error
    answer.headers["cache-control"] = "private, no-cache"
    return answer


@router.get("/runs/{run_id}")
def show_run(request: Request, run_id: int) -> HTMLResponse:
    """The funnel of one run."""
    with reading() as conn:
        return render(request, "run.html", tab="results", funnels=[_funnel(conn, run_id)])


@router.get("/dag-runs")
def show_dag_run(request: Request, dag_id: str, run_id: str) -> HTMLResponse:
    """The funnels of all runs that an Airflow run planned."""
    with reading() as conn:
        run_ids = list_runs_of_dag_run(conn, StartedBy(dag_id, run_id))
        found = [_funnel(conn, one) for one in run_ids]
    return render(request, "run.html", tab="results", funnels=found)


def _funnel(conn: Connection, run_id: int) -> Funnel:
    try:
        return funnel(conn, run_id)
    except PushlineError as error:
        raise HTTPException(status.HTTP_404_NOT_FOUND, str(error)) from error
