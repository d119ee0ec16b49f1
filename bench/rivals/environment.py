"""The rivals' own virtual environment: made of pinned packages when it is first needed."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from bench.figures import ROOT

HERE = Path(__file__).parent
HOME = ROOT / "build" / "bench" / "rivals"
STAMP = HOME / "pushline.stamp"


def wanted() -> str:
    """Return what the environment must have been made of."""
    return hashlib.sha256((HERE / "requirements.txt").read_bytes()).hexdigest()


def is_installed() -> bool:
    """Whether the environment is there, and of today's pins."""
    return STAMP.exists() and STAMP.read_text() == wanted()


def install(say: Callable[[str], None]) -> None:
    """Make the environment unless it is there; needs the package index."""
    if is_installed():
        return
    say("installing the rivals' packages (once)")
    uv = [str(Path(sys.executable).with_name("uv"))]
    subprocess.run([*uv, "venv", "-q", "--clear", str(HOME)], check=True)
    python = str(HOME / "bin" / "python")
    pins = str(HERE / "requirements.txt")
    subprocess.run(
        [*uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", pins],
        check=True,
    )
    STAMP.write_text(wanted())


def run_rival(script: str, *arguments: str, own_packages: bool = True) -> dict[str, Any]:
    """Run a rival's script and return what it prints as JSON; raises with its last lines."""
    python = str(HOME / "bin" / "python") if own_packages else sys.executable
    done = subprocess.run(
        [python, str(HERE / script), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{script} failed:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def plain_url(url: URL) -> str:
    """Return an address as libpq writes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
