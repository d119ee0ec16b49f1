"""Airflow as the demo runs it: its environment, its metadata database, its four processes."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from pushline.database.roles import owner_url, url_for
from pushline.demo import processes, state
from pushline.demo.preflight import airflow_command
from pushline.errors import PushlineError
from pushline.settings import CHECKOUT, get_settings, parse_url

# The log servers of scheduler and triggerer listen on every address, and one host needs none.
PROCESSES = {
    "api-server": ["api-server"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
}


def home() -> Path:
    """AIRFLOW_HOME of this checkout's demo."""
    folder = state.state_dir() / "airflow"
    folder.mkdir(exist_ok=True)
    return folder


def base_url() -> str:
    """Where Airflow answers, without a slash at the end."""
    port = state.remembered_port("airflow", in_use_by_us="api-server" in processes.alive())
    return f"http://127.0.0.1:{port}"


def metadata_url() -> URL:
    """Airflow's own database: named by a setting, else beside Pushline's on the same server."""
    named = get_settings().airflow_database_url
    if named:
        return parse_url(named).set(drivername="postgresql+psycopg2")
    owner = owner_url()
    return owner.set(drivername="postgresql+psycopg2", database=f"{owner.database}_airflow")


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def environment() -> dict[str, str]:
    """Every variable that an Airflow process of the demo needs, on top of our own environment."""
    keys = state.demo_secrets()
    url = base_url()
    inherited = {
        name: value
        for name, value in os.environ.items()
        # Byte code thrown away would be compiled again by every task.
        if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("AIRFLOW__")
    }
    if not os.access(inherited.get("HOME", "/nonexistent"), os.W_OK):
        inherited["HOME"] = str(home())
    write_logins()
    return inherited | {
        "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{inherited.get('PATH', os.defpath)}",
        "PUSHLINE_STATE_DIR": str(state.state_dir()),
        "PUSHLINE_IS_DEMO": "1",
        "AIRFLOW_HOME": str(home()),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(get_settings().dags_dir),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(CHECKOUT / "plugins"),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__PARALLELISM": "8",
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet"],
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__AUTH_MANAGER": "pushline.web.auth.PushlineAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
            f"{name}:{role}" for name, role, _ in state.PEOPLE
        ),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_logins_file()),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_url().render_as_string(hide_password=False),
        "AIRFLOW__DATABASE__EXTERNAL_DB_MANAGERS": "",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": url.rsplit(":", 1)[1],
        "AIRFLOW__API__BASE_URL": f"{url}/",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": keys["session"],
        "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt"],
        # A task's slot is held until the next look at it; the default looks every 5 seconds.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.25",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "AIRFLOW__METRICS__LEGACY_NAMES_ON": "False",
        "AIRFLOW_CONN_PUSHLINE_DB": _plain(url_for("planner")),
        "AIRFLOW_CONN_PUSHLINE_AIRFLOW_DB": _plain(metadata_url()),
    }


def _logins_file() -> Path:
    return home() / "logins.json"


def write_logins() -> None:
    """Put the demo's passwords where the auth manager reads them."""
    if not _logins_file().exists():
        state.write("airflow/logins.json", state.passwords())


def _ensure_metadata_database() -> None:
    url = metadata_url()
    name = sql.Identifier(url.database or "airflow")
    with psycopg.connect(_plain(owner_url()), autocommit=True) as conn:
        question = "SELECT 1 FROM pg_database WHERE datname = %s"
        if conn.execute(question, [url.database]).fetchone():
            return
        try:
            conn.execute(sql.SQL("CREATE DATABASE {}").format(name))
        except psycopg.errors.InsufficientPrivilege:
            raise PushlineError(
                f"Airflow needs a database of its own, and {url.username} may not make one. "
                f"Let an administrator run: CREATE DATABASE {url.database} OWNER {url.username}; "
                "or name one in PUSHLINE_AIRFLOW_DATABASE_URL."
            ) from None


def _is_migrated() -> bool:
    with psycopg.connect(_plain(metadata_url())) as conn:
        row = conn.execute("SELECT to_regclass('public.alembic_version')").fetchone()
    return bool(row and row[0]) and state.read("airflow-version.json").get("version") == version(
        "apache-airflow"
    )


def migrate() -> bool:
    """Bring Airflow's metadata up to its version; returns whether there was anything to do."""
    if not get_settings().airflow_database_url:
        _ensure_metadata_database()
    if _is_migrated():
        return False
    log = state.log_dir() / "airflow-migrate.log"
    with log.open("ab") as output:
        done = subprocess.run(
            [airflow_command(), "db", "migrate"],
            check=False,
            env=environment(),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise PushlineError(
            f"`airflow db migrate` failed; the end of {log}:\n"
            f"{processes.last_lines('airflow-migrate')}"
        )
    state.write("airflow-version.json", {"version": version("apache-airflow")})
    return True


def start(*names: str) -> None:
    """Start these of the four processes that do not run."""
    running = processes.alive()
    for name in names:
        if name not in running:
            processes.start(name, [airflow_command(), *PROCESSES[name]], environment())
