"""How a world of the benches is made: up to a million people honestly, more by multiplying these.

The honest way is the product's: the demo company grown, and synced through the door. It takes about
a quarter of an hour a million. Larger worlds copy the people of a world of BASE inside the
database, each with a number, installs and addresses of its own, so their attributes are as skewed
as the base's; buckets, the control group and the history are worked out anew for all of them.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from pushline.audience import grant_audience_reader
from pushline.database.engine import transaction
from pushline.database.migrate import migrate
from pushline.demo.company import grow
from pushline.people import refresh_control_group, sync_people
from pushline.report.checks import require_clean, run_checks

# People of the largest world that is made the honest way.
BASE = 1_000_000
# Saturday noon in Almaty: nobody there sleeps.
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
SQL = Path(__file__).with_name("sql")
# A rendered push: 437 bytes a row, 640,000 rows.
REFERENCE_ROWS = 640_000
# In this order: whatever names people comes after them.
MULTIPLIED = ("customers", "people", "consents", "installations", "recipients")
ANALYZED = ("shop.customer", "push.person", "push.consent", "push.installation", "push.recipient")
# The history's runs are not there, only their batches: what asks for a batch's run is left out.
CHECKS = ("recipient_drift", "caps_exceeded", "closed_sum", "once", "stale_lease")

Say = Callable[[str], None]


def read_sql(name: str) -> str:
    """Return a statement of bench/sql."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def fill(engine: Engine, users: int, say: Say) -> None:
    """Fill an empty database with a company of so many people, their week, and the reference."""
    with transaction(engine) as conn:
        migrate(conn)
    grow(engine, users, NOW, progress=lambda step, rows: say(f"  {step}: {rows:,}"))
    with transaction(engine) as conn:
        grant_audience_reader(conn, ["shop"])
    sync_people(engine, engine, NOW)
    say("  people taken over")
    with transaction(engine) as conn:
        conn.execute(text(read_sql("add_control_group")), {"now": NOW - timedelta(days=30)})
        refresh_control_group(conn, NOW)
        _add_history(conn)
        conn.execute(text(read_sql("create_reference")), {"rows": REFERENCE_ROWS})
        conn.execute(text(read_sql("create_reference_target")))
    say("  history and reference")


def multiply(engine: Engine, base: int, users: int, say: Say) -> None:
    """Turn a world of `base` people into one of `users`; raises when a check finds it wrong.

    The shop is left with customers and cities, and the reference stays as it is.
    """
    started = time.monotonic()
    with transaction(engine) as conn:
        migrate(conn)  # the base may be of an older version
        for statement in read_sql("multiply_begin").split(";\n"):
            conn.execute(text(statement))
        for table in MULTIPLIED:
            done = conn.execute(text(read_sql(f"multiply_{table}")), {"base": base, "users": users})
            say(f"  {table}: {done.rowcount:,} ({time.monotonic() - started:.0f} s)")
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        for table in ANALYZED:
            conn.execute(text(f"ANALYZE {table}"))
    with transaction(engine) as conn:
        members = refresh_control_group(conn, NOW)
        say(f"  control group: {members:,} ({time.monotonic() - started:.0f} s)")
        _add_history(conn)
        say(f"  history ({time.monotonic() - started:.0f} s)")
    tidy(engine)
    require_clean(run_checks(engine, NOW, names=CHECKS, limit="15min"))
    say(f"  every check is clean ({time.monotonic() - started:.0f} s)")


def tidy(engine: Engine) -> None:
    """Leave nothing to do to the first bench: no dead rows, statistics of today."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        conn.execute(text("VACUUM ANALYZE"))


def _add_history(conn: Connection) -> None:
    # Millions of pushes are sorted.
    conn.execute(text("SET LOCAL work_mem = '1GB'"))
    conn.execute(text(read_sql("add_campaign_history")), {"now": NOW})
    conn.execute(text(read_sql("add_trigger_history")), {"now": NOW})
