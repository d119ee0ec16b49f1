"""The machine of tests/google, with fresh seeds and longer lives, until the time is over."""

import logging
import time
from collections import Counter

import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.google.machine import GoogleMachine
from tests.google.stub import Stub, serving
from tests.soak.figures import Figures
from tests.soak.ground import fresh_database

EXAMPLES, STEPS = 10, 40


def run(until: float, figures: Figures) -> None:
    """Ten worlds at a time; a lost edit or a doubled row is a violation with its steps."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    figures.violations["edits lost or rows doubled by the sync"] += 0
    counts: Counter[str] = Counter()
    with fresh_database() as engine, serving(Stub()) as running:

        class Machine(GoogleMachine):
            database = engine
            stub = running
            seen = counts

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
                run_state_machine_as_test(Machine, settings=play)
            except Exception as error:  # noqa: BLE001 - the next worlds may find something else
                steps = "\n".join(getattr(error, "__notes__", []))
                detail = f"{error}\n{steps}"[:20_000]
                figures.record_violation("edits lost or rows doubled by the sync", detail)
    figures.count("syncs with Google", counts["syncs"])
    figures.count("syncs broken off", counts["syncs broken off"])
    figures.count("open conflicts at the end", counts["open cells at the end"])
