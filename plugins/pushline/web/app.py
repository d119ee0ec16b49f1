"""The pages inside Airflow, put together: the sheet, its routes, the funnels of runs.

Every route asks who it is; each maker's router stands in one line below.
"""

from fastapi import Depends, FastAPI

from pushline.web import pages, sheet_api
from pushline.web.armour import Armour
from pushline.web.auth import CAMPAIGNS
from pushline.web.guard import requires

# The list of its own routes would be public.
app = FastAPI(
    title="Pushline",
    dependencies=[Depends(requires("GET", CAMPAIGNS))],
    openapi_url=None,
    docs_url=None,
    redoc_url=None,
)
app.add_middleware(Armour)
app.include_router(pages.router)
app.include_router(sheet_api.router)
