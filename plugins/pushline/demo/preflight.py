"""What the demo needs from the machine, found out before anything is started."""

import os
import platform
import shutil
import sys
from pathlib import Path

import psutil

from pushline.database.server import ROOT_HOME
from pushline.demo import state
from pushline.errors import PushlineError
from pushline.settings import get_settings

DISK_GB, MEMORY_GB = 1.5, 1.5
GLIBC = (2, 27)


def airflow_command() -> str:
    """The `airflow` of the environment that we run in."""
    command = Path(sys.prefix) / "bin" / "airflow"
    if not command.exists():
        raise PushlineError("Airflow is not installed here; run `make install`.")
    return str(command)


def _existing(path: Path) -> Path:
    return next(parent for parent in [path, *path.parents] if parent.exists())


def faults() -> list[str]:
    """Sentences about what is missing, each with the way out; empty when all is well."""
    found = []
    folder = state.state_dir()
    if not os.access(folder, os.W_OK):
        found.append(f"{folder} cannot be written to; set PUSHLINE_STATE_DIR to a folder that can.")
    places = [folder, ROOT_HOME] if os.geteuid() == 0 else [folder]
    for place in places:
        free = shutil.disk_usage(_existing(place)).free / 2**30
        if free < DISK_GB:
            found.append(f"{place} has {free:.1f} GB free, the demo needs {DISK_GB} GB; make room.")
    memory = psutil.virtual_memory().available / 2**30
    if memory < MEMORY_GB:
        found.append(
            f"{memory:.1f} GB of memory is free, the demo needs {MEMORY_GB} GB; close something."
        )
    settings = get_settings()
    if settings.uses_embedded_server and not settings.pg_bin:
        found += _binary_faults()
    return found


def _binary_faults() -> list[str]:
    way_out = (
        "install Postgres and set PUSHLINE_PG_BIN to the folder of its initdb, "
        "or set PUSHLINE_DATABASE_URL."
    )
    if sys.platform == "linux":
        library, version = platform.libc_ver()
        numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
        if library != "glibc" or numbers < GLIBC:
            return [f"The Postgres that comes along needs glibc 2.27 or newer: {way_out}"]
    elif sys.platform != "darwin":
        return [f"There is no Postgres for {sys.platform} in the package: {way_out}"]
    return []


def check() -> None:
    """Raise one PushlineError with everything that is missing."""
    airflow_command()
    found = faults()
    if found:
        raise PushlineError("This machine lacks something:\n  - " + "\n  - ".join(found))
