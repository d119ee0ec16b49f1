"""Which run and which user of the demo have the most to show."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from pushline.database.engine import get_engine
from pushline.plan.tick import StartedBy, list_runs_of_dag_run
from pushline.report.funnel import list_runs
from pushline.report.why import why

PLANNING_DAG = "plan_marketing_pushes"
APPROVAL_DAG = "approve_reach"
MOST_RUNS = 300
MOST_USERS = 60


def _find_user(conn: Connection, now: datetime) -> int:
    """Return the user among the first ones whose decisions differ most."""
    differences = {}
    for user in range(1, MOST_USERS + 1):
        told = why(conn, user, now, 20).decisions
        differences[user] = (len({one.decision for one in told}), len(told))
    return max(differences, key=lambda user: differences[user])


def find_examples(dag_run_ids: Sequence[str]) -> dict[str, str]:
    """Return the wave (of these Airflow runs) that reached most, its biggest run, and a user.

    As names for pictures: dag_run, run, user; nothing when no wave has sent anything yet.
    """
    now = datetime.now(UTC)
    with get_engine("planner").connect() as conn:
        accepted = {run.run_id: int(run.accepted) for run in list_runs(conn, most=MOST_RUNS)}
        waves = {
            dag_run_id: [
                run
                for run in list_runs_of_dag_run(conn, StartedBy(PLANNING_DAG, dag_run_id))
                if accepted.get(run)
            ]
            for dag_run_id in dag_run_ids
        }
        if not any(waves.values()):
            return {}
        dag_run = max(waves, key=lambda one: sum(accepted[run] for run in waves[one]))
        run = max(waves[dag_run], key=lambda one: accepted[one])
        return {"dag_run": dag_run, "run": str(run), "user": str(_find_user(conn, now))}
