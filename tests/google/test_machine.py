"""No edit lost, no row doubled, approved content untouched: whatever breaks, wherever."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from tests.google.machine import GoogleMachine
from tests.google.stub import Stub

# PUSHLINE_GOOGLE_EXAMPLES=500 looks longer; what is found there comes back as a named test.
EXAMPLES = int(os.environ.get("PUSHLINE_GOOGLE_EXAMPLES", "5"))
STEPS = int(os.environ.get("PUSHLINE_GOOGLE_STEPS", "12"))


@pytest.mark.timeout(86_400 if EXAMPLES > 5 else 120)
def test_nothing_is_lost_and_nothing_doubled(google_db: Engine, stub: Stub):
    counts: Counter[str] = Counter()
    running = stub

    class Machine(GoogleMachine):
        database = google_db
        stub = running
        seen = counts

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink] if EXAMPLES > 5 else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert counts["syncs"] > EXAMPLES
    assert counts["crashes survived"] + counts["faults survived"] > 0
