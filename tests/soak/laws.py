"""The stateful machine of tests/laws, with fresh seeds and longer lives, until the time is over."""

import logging
import time
from collections import Counter

import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.laws.town import shrink, weeks_around
from tests.laws.town_machine import TownMachine
from tests.oracle.worlds import EVENINGS
from tests.soak.figures import Figures
from tests.soak.ground import fresh_database

EXAMPLES, STEPS = 10, 50


def run(until: float, figures: Figures) -> None:
    """Ten worlds at a time; a disagreement of product and model is a violation with its steps."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    figures.violations["product and model disagree"] += 0
    with fresh_database() as engine:
        with engine.begin() as conn:
            shrink(conn, weeks_around(EVENINGS))

        ends: Counter[str] = Counter()

        class Town(TownMachine):
            database = engine
            seen = ends

        play = settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        while time.monotonic() < until:
            try:
                run_state_machine_as_test(Town, settings=play)
            except Exception as error:  # noqa: BLE001 - the next worlds may find something else
                steps = "\n".join(getattr(error, "__notes__", []))
                figures.record_violation("product and model disagree", f"{error}\n{steps}"[:20_000])
        figures.count("worlds beside the model", ends["worlds"])
        figures.count("steps compared", ends["steps"])
        figures.count("decisions compared", sum(
            times for name, times in ends.items() if name.startswith(("reason", "enqueued"))
        ))  # fmt: skip
