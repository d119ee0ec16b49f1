"""What the demo remembers between two starts, in the state folder: ports, secrets, process ids."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pushline.database.server import choose_port, is_port_free
from pushline.errors import PushlineError
from pushline.settings import get_settings

# name, project role, what the person does: shown at the end of `make demo`.
PEOPLE = (
    ("mia", "marketer", "writes campaigns"),
    ("adam", "approver", "approves them"),
    ("dana", "data", "runs DAGs, writes audiences"),
    ("vic", "viewer", "looks"),
    ("admin", "admin", "everything"),
)


def state_dir() -> Path:
    """The state folder, made when missing."""
    folder = get_settings().state_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PushlineError(
            f"{folder} cannot be made ({error.strerror}); name a folder that can be written to: "
            "PUSHLINE_STATE_DIR=/some/folder make demo"
        ) from error
    return folder.resolve()


def log_dir() -> Path:
    """Where every process of the demo writes its log."""
    folder = state_dir() / "logs"
    folder.mkdir(exist_ok=True)
    return folder


def read(name: str) -> dict[str, Any]:
    """A remembered JSON file, or nothing."""
    try:
        content: dict[str, Any] = json.loads((state_dir() / name).read_text())
    except FileNotFoundError:
        return {}
    return content


def write(name: str, content: dict[str, Any]) -> None:
    """Remember a JSON file that only we can read; a killed writer never leaves half of it."""
    path = state_dir() / name
    unfinished = path.with_suffix(".unfinished")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=2)
    unfinished.rename(path)


@contextmanager
def only_one() -> Iterator[None]:
    """Two commands that start or stop the same demo wait for each other."""
    with (state_dir() / "demo.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def remembered_port(name: str, *, in_use_by_us: bool) -> int:
    """The port of a service; a new one when somebody else took it meanwhile."""
    ports = read("ports.json")
    port = int(ports.get(name, 0))
    if not port or not (in_use_by_us or is_port_free(port)):
        port = choose_port(f"{name} {state_dir()}")
        write("ports.json", {**ports, name: port})
    return port


def demo_secrets() -> dict[str, str]:
    """Keys that Airflow's processes share, generated once."""
    known: dict[str, str] = read("secrets.json")
    if not known:
        known = {
            "jwt": secrets.token_urlsafe(64),
            "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "session": secrets.token_urlsafe(32),
        }
        write("secrets.json", known)
    return known


def passwords() -> dict[str, str]:
    """The demo's logins; each person's password is the name, for the page listens to us alone."""
    return {name: name for name, _, _ in PEOPLE}
