"""What Airflow loads of Pushline. Every task process imports this file, so it imports little."""

from typing import Any
from urllib.parse import urlparse

from airflow.plugins_manager import AirflowPlugin
from airflow.sdk.configuration import conf

PREFIX = urlparse(conf.get("api", "base_url", fallback="/")).path.rstrip("/")


class Pages:
    """The pages as an ASGI app that is imported when somebody opens one."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand the request over; the app below it guards every route."""
        from pushline.web.app import app

        await app(scope, receive, send)


class PushlinePlugin(AirflowPlugin):
    """Pushline inside Airflow."""

    name = "pushline"
    fastapi_apps = [{"app": Pages(), "url_prefix": "/pushline", "name": "Pushline"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012 - Airflow's own shape
        {
            "name": "Campaigns",
            "href": f"{PREFIX}/pushline/",
            "destination": "nav",
            "url_route": "campaigns",
            "icon": f"{PREFIX}/pushline/static/icon.svg",
            "icon_dark_mode": f"{PREFIX}/pushline/static/icon-dark.svg",
            # Beside Dags and Assets, not in a menu of plugins.
            "nav_top_level": True,
        },
        {
            "name": "Funnel",
            "href": f"{PREFIX}/pushline/dag-runs?dag_id={{DAG_ID}}&run_id={{RUN_ID}}",
            "destination": "dag_run",
            "url_route": "funnel",
        },
    ]
