"""A real api-server of Airflow with our plugin and the demo's people, below a path of its host."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import requests
from playwright.sync_api import Page
from sqlalchemy import URL

from pushline.database.roles import role_name
from pushline.database.server import choose_port
from pushline.demo.state import PEOPLE
from pushline.settings import CHECKOUT
from tests.web.browser.pages import LOCALES, NAMES, Pages

PASSWORD = "secret"
START_SECONDS = 90


def _environment(database: URL, metadata: URL, home: Path, address: str) -> Mapping[str, str]:
    logins = home / "logins.json"
    logins.write_text(json.dumps({name: PASSWORD for name, _, _ in PEOPLE}))
    return {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    } | {
        "PYTHONPATH": str(CHECKOUT / "plugins"),
        "PUSHLINE_STATE_DIR": str(home),
        # The api-server logs in as no other role, and not as the owner.
        **{
            f"PUSHLINE_{role.upper()}_URL": database.set(
                username=role_name(role)
            ).render_as_string()
            for role in ("page", "audience")
        },
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__AUTH_MANAGER": "pushline.web.auth.PushlineAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
            f"{name}:{role}" for name, role, _ in PEOPLE
        ),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(logins),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata.set(
            drivername="postgresql+psycopg2"
        ).render_as_string(),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__WORKERS": "1",
    }


@contextmanager
def running_airflow(database: URL, metadata: URL, home: Path) -> Iterator[str]:
    """Start the api-server and wait until it is healthy; yields its address with its path."""
    port = choose_port(f"pages {home}")
    address = f"http://127.0.0.1:{port}/airflow/"
    command = [Path(sys.prefix) / "bin" / "airflow", "api-server", "--port", str(port)]
    log = home / "api-server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            env=_environment(database, metadata, home, address),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(server, address, log)
        yield address
    finally:
        # Its database is thrown away: nothing is lost by not waiting for its farewell.
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if requests.get(urljoin(address, "api/v2/version"), timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"Airflow did not start:\n{log.read_text()[-3000:]}")


class AirflowPages(Pages):
    """Callable: `airflow_page_of("marketer", "plugin/campaigns")` is Airflow, signed in."""

    def __call__(  # type: ignore[override]
        self,
        role: str,
        path: str | None = "",
        *,
        language: str = "en",
        theme: str = "light",
        width: int = 1440,
        height: int = 900,
    ) -> Page:
        """Sign in by Airflow's own form and open a path of Airflow (None: stay where one lands)."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=LOCALES[language],
            timezone_id="Asia/Almaty",
            permissions=["clipboard-read", "clipboard-write"],
        )
        # Where Airflow's own switches keep theme and language.
        context.add_init_script(
            f"localStorage.setItem('theme', {theme!r});localStorage.i18nextLng ??= {language!r};"
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(self.base_url)
        page.locator("input[name=username]").fill(NAMES[role])
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("button[type=submit]").click()
        page.wait_for_url(lambda url: "/auth/" not in url)
        self.watch(context)
        if path is not None:
            page.goto(self.url(path))
        return page
