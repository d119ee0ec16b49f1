"""A million user-weeks of history made by the product, judged by an audit in plain SQL.

Worlds of 25,000 people live ten weeks each, under policies, campaigns and triggers of their own.
"""

import logging
import random
import time

import structlog

from tests.laws.audit import audit
from tests.laws.history import History
from tests.soak.figures import Figures
from tests.soak.ground import fresh_database

ENOUGH = 1_000_000
USERS, WEEKS, BUCKETS = 25_000, 10, 4


def run(until: float, figures: Figures) -> None:
    """Play and judge worlds until a million user-weeks are full or the time is over."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    done = 0
    while done < ENOUGH and time.monotonic() < until:
        done += _judge_world(random.randrange(2**31), until, figures)  # noqa: S311 - a seed


def _judge_world(seed: int, until: float, figures: Figures) -> int:
    with fresh_database() as engine:
        world = History(engine, seed, USERS, BUCKETS)
        world.settle(WEEKS)
        world.live(WEEKS, is_over=lambda: time.monotonic() > until)
        with engine.begin() as conn:
            report = audit(conn)
    figures.count("user-weeks audited", world.user_weeks)
    figures.count("decisions audited", report.pushes + report.refusals)
    found = {
        "users over a cap": report.over,
        "users under-sent": report.under,
        "doubled": report.doubled,
        "lost": report.lost,
    }
    figures.violations["users under-sent"] += 0
    for name, times in found.items():
        if times:
            wrong = [line for line in report.details if "(user None)" not in line]
            figures.record_violation(name, f"seed {seed}: {wrong or report.details}", times)
    return world.user_weeks
