"""A question to a person that stays open until a moment, and an answer that names who gave it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk.exceptions import AirflowSkipException

# Airflow's context of the task, the answer, who gave it -> why it does not count, or None.
Refuses = Callable[[Any, str, str], str | None]


class AskUntil(ApprovalOperator):
    """Approve or Reject until `answer_until` (ISO 8601). Returns {"answer", "by"}; see execute.

    A refusal is an answer, too: the tasks behind run either way and write it down. An answer that
    `refuses` has a sentence about does not count: the sentence goes to the task's log and the
    question stays open. Airflow itself records who answered, by their session.
    """

    template_fields: Sequence[str] = ("subject", "body", "answer_until")

    def __init__(self, *, answer_until: str, refuses: Refuses | None = None, **kwargs: Any) -> None:
        # Airflow would take our execution_timeout for the time to answer.
        super().__init__(defaults=ApprovalOperator.REJECT, execution_timeout=None, **kwargs)
        self.answer_until = answer_until
        self.refuses = refuses

    def execute(self, context: Any) -> Any:
        """Park the task until somebody answers or the moment comes."""
        self.response_timeout = datetime.fromisoformat(self.answer_until) - datetime.now(UTC)
        if self.response_timeout.total_seconds() <= 0:
            raise AirflowSkipException(f"The time to answer was over at {self.answer_until}.")
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Return what was answered and by whom; answer None when nobody did in time."""
        payload = HITLOperator.execute_complete(self, context, event)
        who = payload["responded_by_user"]
        if event.get("timedout") or not who:
            return {"answer": None, "by": None}
        answer, by = payload["chosen_options"][0], who["name"] or who["id"]
        refusal = self.refuses(context, answer, by) if self.refuses else None
        if refusal:
            self.log.warning("This answer does not count. %s", refusal)
            return self.ask_again(context)
        return {"answer": answer, "by": by}

    def ask_again(self, context: Any) -> Any:
        """Park the task anew; Airflow forgets the answer that did not count."""
        return self.execute(context)
