"""The product against a slow, obviously right company: same pushes, same reasons, same sums."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from tests.laws.town import shrink, weeks_around
from tests.laws.town_machine import TownMachine
from tests.oracle.worlds import EVENINGS

# PUSHLINE_LAWS_EXAMPLES=500 looks longer; what is found there comes back as a named test.
EXAMPLES = int(os.environ.get("PUSHLINE_LAWS_EXAMPLES", "8"))
STEPS = int(os.environ.get("PUSHLINE_LAWS_STEPS", "25"))


@pytest.mark.slow
@pytest.mark.timeout(86_400 if EXAMPLES > 100 else 300)
def test_the_company_lives_as_its_model(committed_db: Engine):
    with committed_db.begin() as conn:
        shrink(conn, weeks_around(EVENINGS))

    ends: Counter[str] = Counter()

    class Town(TownMachine):
        database = committed_db
        seen = ends

    # A machine that does nothing proves nothing: quiet worlds do not count.
    for _ in range(5):
        run_state_machine_as_test(
            Town,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        if ends["enqueued"] > EXAMPLES:
            break
    assert ends["worlds"] >= EXAMPLES
    assert ends["enqueued"] > EXAMPLES
