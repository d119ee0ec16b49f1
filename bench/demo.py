"""`make demo` from nothing and again: a fresh clone, empty caches, a state folder of its own."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from bench.figures import ROOT, Figure, Options

# A cold start is dear; its spread is small beside its bound.
RUNS = 1
WARM_RUNS = 3


def measure_demo(options: Options) -> list[Figure]:
    """Measure the wall time until the block of addresses is printed."""
    cold, warm = [], []
    for _ in range(RUNS):
        # Not below a folder that only root may enter: an ordinary user measures, too.
        with tempfile.TemporaryDirectory(prefix="pushline-bench-") as folder:
            clone = Path(folder) / "clone"
            subprocess.run(
                ["git", "clone", "-q", "--no-hardlinks", ROOT, clone], check=True, cwd=folder
            )
            environment = _empty_environment(Path(folder))
            try:
                cold.append(_make(clone, "demo", environment))
                options.say(f"  cold {cold[-1]:.1f} s")
                for _ in range(WARM_RUNS):
                    _make(clone, "stop", environment)
                    warm.append(_make(clone, "demo", environment))
                    options.say(f"  warm {warm[-1]:.1f} s")
            finally:
                _make(clone, "reset", environment)
                shutil.rmtree(clone, ignore_errors=True)
    who = "root" if os.geteuid() == 0 else "ordinary user"
    return [
        Figure("demo_cold_s", "s", cold, f"fresh clone, empty caches, {who}", bound=180),
        Figure("demo_warm_s", "s", warm, "stopped before, data kept", bound=20),
    ]


def _empty_environment(folder: Path) -> dict[str, str]:
    """Return the environment with caches and home in an empty folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PUSHLINE_")}
    kept.pop("VIRTUAL_ENV", None)
    home = folder / "home"
    home.mkdir()
    return kept | {
        "HOME": str(home),
        "UV_CACHE_DIR": str(folder / "uv-cache"),
        "PIP_CACHE_DIR": str(folder / "pip-cache"),
    }


def _make(clone: Path, target: str, environment: dict[str, str]) -> float:
    """Run a make target; seconds. Raises with its last lines when it fails."""
    started = time.perf_counter()
    done = subprocess.run(
        ["make", target],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-30:])
        raise RuntimeError(f"`make {target}` failed:\n{tail}")
    return time.perf_counter() - started
