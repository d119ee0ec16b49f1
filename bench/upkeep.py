"""What it costs to keep `recipient` in step: a change of person, consent or installation.

On a copy of the world, which is dropped afterwards: people are history and are not put back.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, text

from bench.figures import Figure, Options
from bench.world import NOW, copy_world, describe_server, open_world, read_sql
from pushline.database.engine import make_engine, transaction
from pushline.people import move_installation, set_consent, set_weekly_limit, sync_people
from pushline.report.checks import run_checks

# Single changes a repetition and kind.
SINGLE = 100
MINUTE = timedelta(minutes=1)


def measure_upkeep(options: Options) -> list[Figure]:
    """Measure single changes, each its own commit, and a sync of a tenth of everybody."""
    world = open_world(options.users, options.say)
    options.say(describe_server(world))
    samples: dict[str, list[float]] = {kind: [] for kind in (*CHANGES, "bulk")}
    with copy_world(world) as copy:
        engine = make_engine(copy.server.url(copy.name), "bench")
        user_ids = _list_users(engine, SINGLE)
        for number, counts in enumerate(options.rounds()):
            at = NOW + (number + 1) * timedelta(hours=1)
            took = {
                kind: _time_single(engine, change, user_ids, number, at)
                for kind, change in CHANGES.items()
            }
            took["bulk"] = _time_sync(engine, number, at + 30 * MINUTE)
            options.say(
                "  " + ", ".join(f"{kind} {seconds * 1e6:.0f} us" for kind, seconds in took.items())
            )
            if counts:
                for kind, seconds in took.items():
                    samples[kind].append(seconds * 1e6)
        _check(engine, NOW + (options.repetitions + 2) * timedelta(hours=1))
        engine.dispose()
    of_each = zip(*(samples[kind] for kind in CHANGES), strict=True)
    every = [statistics.mean(one_of_each) for one_of_each in of_each]
    note = f"{options.users:,} users, in step with recipient_drift"
    return [
        Figure("recipient_upkeep_us", "us", every, f"{note}, single: mean of the three kinds"),
        Figure("recipient_upkeep_person_us", "us", samples["person"], "own limit, own commit"),
        Figure("recipient_upkeep_consent_us", "us", samples["consent"], "own commit"),
        Figure("recipient_upkeep_installation_us", "us", samples["installation"], "own commit"),
        Figure("recipient_upkeep_bulk_us", "us", samples["bulk"], "a changed row of a sync"),
    ]


def _change_person(conn: Connection, user_id: int, round_: int, now: datetime) -> None:
    set_weekly_limit(conn, user_id=user_id, weekly_limit=5 + round_ % 2, now=now)


def _change_consent(conn: Connection, user_id: int, round_: int, now: datetime) -> None:
    set_consent(
        conn,
        user_id=user_id,
        purpose="marketing",
        is_granted=round_ % 2 == 1,
        source="bench",
        now=now,
    )


def _change_installation(conn: Connection, user_id: int, round_: int, now: datetime) -> None:
    move_installation(
        conn,
        installation_id=f"bench-{user_id}",
        user_id=user_id,
        provider="fcm",
        address_kind="fcm",
        address=f"bench-{user_id}-{round_}",
        platform="android",
        app_version="1.0",
        now=now,
    )


CHANGES: dict[str, Callable[[Connection, int, int, datetime], None]] = {
    "person": _change_person,
    "consent": _change_consent,
    "installation": _change_installation,
}


def _list_users(engine: Engine, count: int) -> Sequence[int]:
    """Return people from all over the base, none of them erased."""
    statement = (
        "SELECT user_id FROM push.recipient WHERE NOT is_erased"
        " ORDER BY hashint8extended(user_id, 5) LIMIT :count"
    )
    with engine.connect() as conn:
        return conn.execute(text(statement), {"count": count}).scalars().all()


def _time_single(
    engine: Engine,
    change: Callable[[Connection, int, int, datetime], None],
    user_ids: Sequence[int],
    round_: int,
    now: datetime,
) -> float:
    """Return the seconds of one change, commit included."""
    started = time.perf_counter()
    for user_id in user_ids:
        with transaction(engine) as conn:
            change(conn, user_id, round_, now)
    return (time.perf_counter() - started) / len(user_ids)


def _time_sync(engine: Engine, number: int, now: datetime) -> float:
    """Return the seconds of a sync by row that was changed at the company."""
    with transaction(engine) as conn:
        for statement in read_sql("change_people").split(";\n"):
            conn.execute(text(statement), {"at": now - MINUTE, "part": number % 10})
    started = time.perf_counter()
    synced = sync_people(engine, engine, now)
    seconds = time.perf_counter() - started
    rows = sum(synced.rows.values())
    if not rows or any(synced.quarantined.values()):
        raise RuntimeError(f"the sync took {synced.rows}, set aside {synced.quarantined}")
    return seconds / rows


def _check(engine: Engine, now: datetime) -> None:
    """Refuse recipients that differ from what person, consent and installation say."""
    (drift,) = run_checks(engine, now, names=["recipient_drift"])
    if not drift.is_clean:
        raise RuntimeError(f"recipients have drifted: {drift.offending} {drift.sample[:3]}")
