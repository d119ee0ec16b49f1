"""The pages themselves, and the files that they load; every one asks who it is."""

from fastapi import APIRouter, Depends, HTTPException, Request, Response, status
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException as StarletteException
from starlette.staticfiles import StaticFiles

from pushline.web.auth import CAMPAIGNS
from pushline.web.context import choose_language, render, say
from pushline.web.guard import requires
from pushline.web.static_files import FOLDER, list_scripts, read_version, split_version

router = APIRouter(dependencies=[Depends(requires("GET", CAMPAIGNS))])
KEPT = "private, max-age=31536000, immutable"
_files = StaticFiles(directory=FOLDER)


@router.get("/")
def show_sheet(request: Request) -> HTMLResponse:
    """The campaign sheet; /?brief=C-2026-118 opens at that brief."""
    scripts = [*list_scripts("js/grid"), *list_scripts("js/panel")]
    return render(request, "sheet.html", tab="sheet", scripts=scripts)


@router.get("/static/{path:path}")
async def show_file(request: Request, path: str) -> Response:
    """A script, style, font or picture of ours.

    Under this version's address the browser keeps it for good. Under another's, which happens while
    several servers are brought up to date one by one, it asks again each time.
    """
    version, path = split_version(path)
    try:
        answer = await _files.get_response(path, request.scope)
    except StarletteException as error:
        sentence = say(choose_language(request), "shell.no_file")
        raise HTTPException(status.HTTP_404_NOT_FOUND, sentence) from error
    is_ours = version == read_version()
    answer.headers["cache-control"] = KEPT if is_ours else "private, no-cache"
    return answer
