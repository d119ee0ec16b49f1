"""`make demo`: from nothing to a filled, living Pushline, and back."""

import shutil
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import requests
from rich.console import Console

from pushline.database.prepare import Prepared, prepare, start_server
from pushline.database.roles import owner_url
from pushline.database.server import default_server
from pushline.demo import airflow_home, preflight, processes, state
from pushline.demo.airflow_client import ENDED, AirflowClient, wait_until
from pushline.demo.fill import is_filled
from pushline.demo.steps import Steps
from pushline.errors import PushlineError
from pushline.settings import get_settings

# It starts when a run leaves its reach band, never by itself.
WAITS_FOR_A_PERSON = "approve_reach"
SENDER = "sender"
FIRST_RUNS = "first-runs.json"
# The page of the campaign sheet inside Airflow.
CAMPAIGNS = "/plugin/campaigns"


def client() -> AirflowClient:
    """Airflow as the demo's administrator."""
    return AirflowClient(airflow_home.base_url(), "admin", state.passwords()["admin"])


def _fill() -> None:
    """Fill the demo company, in a process of its own so that Airflow's start is not slowed."""
    log = state.log_dir() / "seed.log"
    command = [sys.executable, "-m", "pushline.demo.fill"]
    with log.open("ab") as output:
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    if done.returncode:
        raise PushlineError(
            f"Filling the demo company failed; the end of {log}:\n{processes.last_lines('seed')}"
        )


def _start_sender() -> None:
    if find_spec("pushline.commands.send") is None or SENDER in processes.alive():
        return
    command = [str(Path(sys.prefix) / "bin" / "pushline"), "send", "--pretend"]
    processes.start(SENDER, command, airflow_home.environment())


def _refuse_dead(expected: set[str]) -> None:
    dead = sorted(expected - set(processes.alive()))
    if dead:
        raise PushlineError(
            f"{dead[0]} ended; the last lines of {state.log_dir() / dead[0]}.log:\n"
            f"{processes.last_lines(dead[0])}"
        )


def _wait_healthy(airflow: AirflowClient) -> None:
    def holds() -> bool:
        _refuse_dead(set(airflow_home.PROCESSES))
        return airflow.is_healthy()

    wait_until(holds, 180, _too_slow("scheduler"))


def _too_slow(name: str) -> str:
    return f"Airflow does not become healthy; look into {state.log_dir() / name}.log"


def _wait_for_dags(airflow: AirflowClient) -> set[str]:
    """Wait until Airflow has read every file of dags/; returns the ids that run by themselves."""
    wanted = {path.stem for path in get_settings().dags_dir.glob("*.py") if path.stem[0] != "_"}

    def holds() -> bool:
        errors = airflow.import_errors()
        if errors:
            raise PushlineError(f"A DAG file cannot be read. {errors[0]}")
        return wanted <= set(airflow.dags())

    wait_until(holds, 90, f"Airflow does not show every DAG of dags/: {', '.join(sorted(wanted))}.")
    return {dag for dag, paused in airflow.dags().items() if not paused}


def _run_until_green(airflow: AirflowClient, dags: set[str]) -> list[str]:
    """Wait for a green newest run of each; returns the ids whose run failed twice.

    A DAG with a schedule starts by itself, one that has not run is started, a failed one again:
    its first run may have come before what it needs.
    """
    tried_again: set[str] = set()
    ended: dict[str, str] = {}

    def holds() -> bool:
        for dag in dags - set(ended):
            newest = (airflow.states(dag) or [""])[0]
            if (newest == "failed" and dag not in tried_again) or not newest:
                tried_again.add(dag)
                airflow.trigger(dag)
            elif newest in ENDED:
                ended[dag] = newest
        return len(ended) == len(dags)

    names = ", ".join(sorted(dags))
    wait_until(holds, 300, f"These DAGs still run: {names}. Look at {airflow.base_url}/dags")
    return sorted(dag for dag, how in ended.items() if how != "success")


def _first_runs(airflow: AirflowClient) -> list[str]:
    """See every DAG green once; returns the ids of those that are not.

    Done once per demo: later starts leave the runs to their schedules.
    """
    return _run_until_green(airflow, _wait_for_dags(airflow) - {WAITS_FOR_A_PERSON})


def up() -> None:
    """Start everything that does not run, fill what is empty, and say where it is."""
    with state.only_one():
        console = Console(highlight=False)
        before = set(processes.alive())
        steps = Steps(6, console)
        try:
            failed = _start(steps)
        except BaseException:
            # Ctrl-C or a failure: what this call started does not stay behind.
            processes.stop([name for name in processes.known() if name not in before])
            raise
        console.print(closing_block(steps.seconds), markup=False)
        if failed:
            raise PushlineError(
                f"Everything runs, but these DAGs failed: {', '.join(failed)}. "
                f"Their pages say what to do: {airflow_home.base_url()}/dags"
            )


def _start(steps: Steps) -> list[str]:
    with steps.step("The machine has what is needed"):
        preflight.check()
    with steps.step("Postgres") as said:
        start_server()
        said.append(_postgres_sentence())
    with steps.step("Pushline's tables") as said:
        said.append(_tables_sentence(prepare()))
    was_filled = is_filled()
    with ThreadPoolExecutor(1) as pool:
        airflow: Future[None] = pool.submit(_prepare_airflow, with_scheduler=was_filled)
        with steps.step("The demo company: people, orders, campaigns") as said:
            if was_filled:  # refresh_demo_company plays what happened since
                said.append("The demo company is as it was left")
            else:
                _fill()
        with steps.step("Airflow") as said:
            airflow.result()
            airflow_home.start("scheduler")
            _start_sender()
            _wait_healthy(client())
            client().warm_up(1 if was_filled else 60)
            said.append(f"Airflow is healthy at {airflow_home.base_url()}")
    with steps.step("First runs") as said:
        if state.read(FIRST_RUNS):
            said.append("Schedules go on")
            return []
        failed = _first_runs(client())
        said.append("A first run of every DAG" + (" (not all green)" if failed else " is green"))
        if not failed:
            state.write(FIRST_RUNS, {"green": True})
    return failed


def _prepare_airflow(*, with_scheduler: bool) -> None:
    airflow_home.migrate()
    airflow_home.start("api-server", "dag-processor", "triggerer")
    if with_scheduler:  # else it waits until there is something to plan
        airflow_home.start("scheduler")


def _postgres_sentence() -> str:
    url = owner_url()
    return f"Postgres answers at {url.host}:{url.port or 5432}"


def _tables_sentence(done: Prepared) -> str:
    return f"{len(done.applied)} SQL files applied" if done.applied else "Tables are up to date"


def closing_block(seconds: float) -> str:
    """What to open, as whom, and how to stop."""
    base = airflow_home.base_url()
    psql = owner_url().set(drivername="postgresql").render_as_string(hide_password=True)
    logins = "\n".join(f"    {name:<6} {what} ({role})" for name, role, what in state.PEOPLE)
    return f"""
Pushline runs ({seconds:.0f} s).

  Campaigns   {base}{CAMPAIGNS}
  Airflow     {base}/
  Postgres    {psql}
  Logs        {state.log_dir()}

  Sign in with the name as the password:
{logins}

  What is in the queue    .venv/bin/pushline queue status
  Why a user got it       .venv/bin/pushline why 1
  Stop, keep the data     make stop
  Start over              make reset demo
"""


def down() -> list[str]:
    """Stop everything that the demo started; data stays. Returns what was stopped."""
    with state.only_one():
        stopped = processes.stop()
        if get_settings().uses_embedded_server:
            server = default_server()
            if server.is_running():
                server.stop()
                stopped.append("postgres")
    return stopped


def is_up() -> bool:
    """Whether the demo's Airflow runs and is well."""
    try:
        return bool(processes.alive()) and client().is_healthy()
    except requests.RequestException:
        return False


def reset() -> None:
    """Stop the demo and delete its data, ports and secrets; only for the embedded server."""
    if not get_settings().uses_embedded_server:
        raise PushlineError(
            "The database is yours (PUSHLINE_DATABASE_URL), so it is not deleted from here. "
            "Stop with `make stop`, then drop schemas push, push_meta, shop and Airflow's database."
        )
    down()
    with state.only_one():
        default_server().remove()
        for name in ("airflow", "logs"):
            shutil.rmtree(state.state_dir() / name, ignore_errors=True)
        for path in state.state_dir().glob("*.json"):
            path.unlink()
