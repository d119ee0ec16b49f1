"""The pages themselves, and the files that they load; every one asks who it is."""

from pathlib import Path

from fastapi import APIRouter, Depends, HTTPException, Request, Response, status
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException as StarletteException
from starlette.staticfiles import StaticFiles

from pushline.web.auth import CAMPAIGNS
from pushline.web.context import render
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
