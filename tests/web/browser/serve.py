"""`python -m tests.web.browser.serve [--name me] [--people 2000] [--briefs 500]`: pages by hand.

Makes a small company with the example month in a Postgres of its own (kept below .local under this
name), serves the pages without Airflow, and prints an address per role. Ctrl+C ends both.
"""

import argparse
import os
from datetime import UTC, datetime

import typer
import uvicorn

ROWS_AT_ONCE = 100


def fill(people: int, now: datetime) -> None:
    """Make the company, its people, policy and campaigns, unless they are there."""
    from pushline.database.engine import get_engine, transaction
    from pushline.demo import campaigns
    from pushline.demo.company import grow, is_seeded

    engine = get_engine("owner")
    with transaction(engine) as conn:
        if is_seeded(conn):
            return
    typer.echo(f"making a company of {people} people (once)")
    grow(engine, people, now)
    campaigns.fill_people(engine, now)
    campaigns.fill_policy(engine, now)
    campaigns.fill_briefs(engine, get_engine("audience"), now)


def add_briefs(count: int, now: datetime) -> None:
    """Repeat the example month until the sheet has so many rows."""
    from pushline.database.engine import get_engine, transaction
    from pushline.desk import open_desk

    with transaction(get_engine("owner")) as conn:
        desk = open_desk(conn, now)
        _, records = desk.read_sheet(conn, now=now)
        missing = [records[place % len(records)].cells for place in range(count - len(records))]
        for start in range(0, len(missing), ROWS_AT_ONCE):
            rows = missing[start : start + ROWS_AT_ONCE]
            desk.create_rows(conn, [dict(cells) for cells in rows], by="demo", now=now)


def main() -> None:
    """Prepare, fill, serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="hand")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--briefs", type=int, default=0, help="at least so many rows")
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()

    from pushline.settings import CHECKOUT, get_settings

    home = CHECKOUT / ".local" / f"pages-{given.name}"
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        PUSHLINE_STATE_DIR=str(home),
        AIRFLOW_HOME=str(home / "airflow"),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__API_AUTH__JWT_SECRET="x" * 64,
    )
    get_settings.cache_clear()

    from pushline.database.prepare import prepare
    from pushline.database.server import choose_port, default_server
    from tests.web.browser.hosting import hosted_app, signing_in_by_cookie
    from tests.web.browser.pages import NAMES

    prepare()
    try:
        now = datetime.now(UTC)
        fill(given.people, now)
        add_briefs(given.briefs, now)
        port = given.port or choose_port(f"serve {home}")
        for role in NAMES:
            typer.echo(f"  {role:9} http://127.0.0.1:{port}/as/{role}")
        with signing_in_by_cookie():
            uvicorn.run(hosted_app(), host="127.0.0.1", port=port, log_level="warning")
    finally:
        default_server().stop()


if __name__ == "__main__":
    main()
