"""A browser for the tests of the pages.

`page_of(role)` opens our pages on `configured_db`. `airflow_page_of(role)` opens them inside a
running Airflow, which takes half a minute to start: keep such tests in test_in_airflow.py, because
each worker of the test run that meets one starts an Airflow of its own.
"""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import URL, Engine, create_engine

from tests.conftest import Databases
from tests.web.browser.pages import Pages, chromium, find_chromium

INSTALL = "apt-get install -y --no-install-recommends chromium"


@pytest.fixture(scope="session")
def has_chromium() -> None:
    """Skip without a browser; where it could simply be installed, CI fails instead."""
    if find_chromium():
        return
    if os.environ.get("CI") == "true" and os.geteuid() == 0 and shutil.which("apt-get"):
        pytest.fail(f"The tests of the pages need a Chromium: {INSTALL}")
    pytest.skip(f"no Chromium on this machine ({INSTALL})")


# Not for the session: Playwright keeps an event loop running, which other tests would trip over.
@pytest.fixture(scope="module")
def browser(has_chromium: None) -> Iterator[Browser]:
    """Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture
def page_of(browser: Browser, configured_db: Engine) -> Iterator[Pages]:
    """`page_of("marketer")`: our pages on configured_db, as a person of this role sees them."""
    from tests.web.browser.hosting import serving

    with serving() as base_url:
        pages = Pages(browser, base_url)
        yield pages
        faults = pages.close()
    assert not faults, faults


@pytest.fixture(scope="session")
def airflow_pages_db(databases: Databases, template: str) -> Iterator[Engine]:
    """The owner's engine on the database that the running Airflow shows."""
    name = f"test_{os.getpid()}_pages"
    engine = create_engine(databases.clone(template, name))
    yield engine
    engine.dispose()
    databases.drop(name)


@pytest.fixture(scope="session")
def airflow_address(
    airflow_pages_db: Engine,
    airflow_metadata: URL,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Address of an Airflow with the demo's people, below a path, on `airflow_pages_db`."""
    from tests.web.browser.airflow_server import running_airflow

    home = tmp_path_factory.mktemp("airflow")
    with running_airflow(airflow_pages_db.url, airflow_metadata, home) as address:
        yield address


@pytest.fixture
def airflow_page_of(browser: Browser, airflow_address: str) -> Iterator[Callable[..., Page]]:
    """`airflow_page_of("marketer", "plugin/campaigns")`: Airflow itself, signed in."""
    from tests.web.browser.airflow_server import AirflowPages

    pages = AirflowPages(browser, airflow_address)
    yield pages
    faults = pages.close()
    assert not faults, faults
