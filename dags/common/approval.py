"""A question to a person that stays open until a moment, and an answer that names who gave it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk.exceptions import AirflowSkipException


class AskUntil(ApprovalOperator):
    """Approve or Reject until `answer_until` (ISO 8601). Returns {"answer", "by"}; see execute.

    A refusal is an answer, too: the tasks behind run either way and write it down.
    """

    template_fields: Sequence[str] = ("subject", "body", "answer_until")

    def __init__(self, *, answer_until: str, **kwargs: Any) -> None:
        # Airflow would take our execution_timeout for the time to answer.
        super().__init__(defaults=ApprovalOperator.REJECT, execution_timeout=None, **kwargs)
        self.answer_until = answer_until

    def execute(self, context: Any) -> Any:
        """Park the task until somebody answers or the moment comes."""
        self.response_timeout = datetime.fromisoformat(self.answer_until) - datetime.now(UTC)
        if self.response_timeout.total_seconds() <= 0:
            raise AirflowSkipException(f"The time to answer was over at {self.answer_until}.")
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> dict[str, str | None]:
        """Return what was answered and by whom; answer None when nobody did in time."""
        payload = HITLOperator.execute_complete(self, context, event)
        who = payload["responded_by_user"]
        if event.get("timedout") or not who:
            return {"answer": None, "by": None}
        return {"answer": payload["chosen_options"][0], "by": who["name"] or who["id"]}
