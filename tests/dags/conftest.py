"""The real DAG files, run by dag.test() with Airflow's own database and a Pushline database."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import URL, Engine
from sqlalchemy.exc import OperationalError

RunDag = Callable[..., Any]


@pytest.fixture(scope="session")
def dag_bag(airflow_metadata: URL) -> Iterator[Any]:
    """Every file of dags/, read as Airflow reads it."""
    from airflow.dag_processing.dagbag import DagBag

    yield DagBag()
    from airflow.settings import dispose_orm

    try:
        dispose_orm()  # or it would talk to a stopped server when the process ends
    except OperationalError:
        dispose_orm()  # tests of faults have restarted the server: now its session knows


@pytest.fixture
def run_dag(dag_bag: Any, configured_db: Engine) -> RunDag:
    """`run_dag("sync_people", is_full=True)` is the ended DAG run; tasks see configured_db."""
    from common.engines import _engine_at

    def run(dag_id: str, *, mark_success: str | None = None, **conf: Any) -> Any:
        dag = dag_bag.dags[dag_id]
        # A run writes its form into the DAG's own Params, and the next run would inherit it.
        form = [
            (params.get_param(name), params.get_param(name).value)
            for params in (dag.params, *(task.params for task in dag.tasks))
            for name in params
        ]
        try:
            return dag.test(run_conf=conf or None, mark_success_pattern=mark_success)
        finally:
            for param, value in form:
                param.value = value

    _engine_at.cache_clear()
    return run


def task_states(dag_run: Any) -> dict[str, str]:
    """State of every task; of a mapped one the worst."""
    states: dict[str, str] = {}
    for task in dag_run.get_task_instances():
        if states.get(task.task_id) != "failed":
            states[task.task_id] = str(task.state)
    return states


def returned(dag_run: Any, task_id: str) -> Any:
    """What a task returned."""
    from airflow.models.xcom import XComModel  # noqa: TID251 - tests look behind the curtain
    from airflow.utils.session import create_session

    with create_session() as session:
        found = XComModel.get_many(
            key="return_value", run_id=dag_run.run_id, task_ids=task_id, dag_ids=dag_run.dag_id
        )
        value = session.execute(found.with_only_columns(XComModel.value)).scalar_one()
    import json

    return json.loads(value) if isinstance(value, str) else value
