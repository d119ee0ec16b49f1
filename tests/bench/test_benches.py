"""Each bench runs through on a tiny world: it checks what it measures against the oracle itself."""

from collections.abc import Callable
from typing import Any

import pytest

from bench import (
    campaign,
    consuming,
    contention,
    growth,
    queues,
    reach,
    small,
    upkeep,
)
from bench.rivals.environment import is_installed

needs_rivals = pytest.mark.skipif(
    not is_installed(),
    reason="the rivals' packages are not installed; `make bench ONLY=polars` installs them",
)


@pytest.mark.parametrize(
    ("bench", "names"),
    [
        (
            consuming.measure_consuming,
            {"claim_us_per_push", "begin_us_per_push", "finish_us_per_push"},
        ),
        (small.measure_small_run, {"small_run_ms", "small_run_estimate_ms"}),
        (reach.measure_reach, {"reach_estimate_2k_ms"}),
        (small.measure_trigger, {"trigger_decide_ms", "trigger_prepare_ms"}),
        (
            contention.measure_two_campaigns,
            {"two_campaigns_vs_unlocked", "two_campaigns_s", "two_campaigns_unlocked_s"},
        ),
        (
            upkeep.measure_upkeep,
            {
                f"recipient_upkeep_{kind}us"
                for kind in ("", "person_", "consent_", "installation_", "bulk_")
            },
        ),
        (growth.measure_growth, {"plan_growth_2k_over_0k"}),
        (campaign.measure_pandas, {"pandas_over_plan"}),
        (campaign.measure_pandas_copy, {"pandas_copy_over_plan"}),
        pytest.param(campaign.measure_polars, {"polars_over_plan"}, marks=needs_rivals),
        pytest.param(queues.measure_pgmq, {"enqueue_over_pgmq"}, marks=needs_rivals),
        pytest.param(queues.measure_pgqueuer, {"enqueue_over_pgqueuer"}, marks=needs_rivals),
        pytest.param(
            queues.measure_procrastinate, {"enqueue_over_procrastinate"}, marks=needs_rivals
        ),
    ],
)
def test_a_bench_runs_through(measure: Callable[..., Any], bench: Any, names: set[str]):
    figures = measure(bench)
    assert set(figures) == names
    assert all(figure.samples and figure.value > 0 for figure in figures.values())
