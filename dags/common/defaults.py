"""What every DAG of Pushline shares: owner, retries for what a retry can mend, alerts, knobs."""

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryDecision, RetryRule

from common.alerts import tell_failure

OWNER = "pushline"
TAG = "pushline"


class RetryWhatCanMend(ExceptionRetryPolicy):
    """A busy database or a lost connection mends itself; a wrong row or a bug does not.

    A task that was killed raises nothing and is always tried again.
    """

    def __init__(self) -> None:
        mending = ["pushline.errors.RetryLater", "sqlalchemy.exc.OperationalError"]
        super().__init__([RetryRule(mending)], default=RetryAction.FAIL)

    def evaluate(self, exception: BaseException, *args: Any, **kwargs: Any) -> RetryDecision:
        """Decide by the exception; psycopg's own are looked at without importing it (0.3 s)."""
        psycopg = sys.modules.get("psycopg")
        if psycopg and isinstance(exception, psycopg.OperationalError):
            return RetryDecision(RetryAction.RETRY, reason="the database was busy or away")
        return super().evaluate(exception, *args, **kwargs)


TASK_DEFAULTS: dict[str, Any] = {
    "owner": OWNER,
    "retries": 3,
    "retry_delay": timedelta(seconds=20),
    "retry_policy": RetryWhatCanMend(),
    "on_failure_callback": tell_failure,
    "execution_timeout": timedelta(hours=1),
}

# Triggers are never stuck behind a campaign: their tasks are first in line for a slot.
FAST_LANE = TASK_DEFAULTS | {"priority_weight": 100, "weight_rule": "absolute"}

DAG_DEFAULTS: dict[str, Any] = {
    "start_date": datetime(2026, 1, 1, tzinfo=UTC),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": TASK_DEFAULTS,
}


def knob(name: str, default: int) -> int:
    """Read a number that shapes a DAG from the environment; `pushline.settings` has its meaning.

    Every task reads its DAG file anew, and all settings would cost it 30 ms.
    """
    return int(os.environ.get(f"PUSHLINE_{name}") or default)
