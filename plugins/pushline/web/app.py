"""The pages inside Airflow, put together: the sheet, its routes, the funnels of runs.

Every route asks who it is; each maker's router stands in one line below.
"""

from fastapi import Depends, FastAPI

from pushline.web import (
    approval_api,
    brief_api,
    calendar_api,
    files_api,
    form_pages,
    google_api,
    pages,
    preview_api,
    reach_api,
    results_api,
    run_pages,
    sheet_api,
    stop_api,
)
from pushline.web.answers import Catch, add_answers
from pushline.web.armour import Armour
from pushline.web.auth import CAMPAIGNS
from pushline.web.door import Door
from pushline.web.guard import requires

# The list of its own routes would be public. A slash too many is no page: an address of ours is not
# put together from what the request says of its host.
app = FastAPI(
    title="Pushline",
    dependencies=[Depends(requires("GET", CAMPAIGNS))],
    openapi_url=None,
    docs_url=None,
    redoc_url=None,
    redirect_slashes=False,
)
app.add_middleware(Door)
app.add_middleware(Catch)
app.add_middleware(Armour)
add_answers(app)
app.include_router(pages.router)
app.include_router(sheet_api.router)
app.include_router(brief_api.router)
app.include_router(approval_api.router)
app.include_router(stop_api.router)
app.include_router(run_pages.router)
app.include_router(calendar_api.router)
app.include_router(files_api.router)
app.include_router(results_api.router)
app.include_router(form_pages.router)
app.include_router(preview_api.router)
app.include_router(reach_api.router)
app.include_router(google_api.router)
