"""What a bench returns, and how it is written down."""

import json
import platform
import statistics
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "build" / "bench" / "results.json"
# Where figures go that are not worth keeping.
TRIES = RESULTS.with_name("tries.json")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the median of its samples is its value."""

    name: str
    unit: str
    samples: Sequence[float]
    note: str = ""
    bound: float | None = None
    # The bound is the least that the figure may be, not the most.
    is_least: bool = False

    @property
    def value(self) -> float:
        """Median of the samples."""
        return statistics.median(self.samples)

    def as_dict(self) -> dict[str, Any]:
        """Return the figure as results.json has it."""
        return {
            "value": round(self.value, 4),
            "unit": self.unit,
            "samples": [round(sample, 4) for sample in self.samples],
            "note": self.note,
            "bound": self.bound,
            "is_least": self.is_least,
        }


def describe_bound(figure: Figure) -> str:
    """Return the bound as the tables show it."""
    if figure.bound is None:
        return ""
    return f"{'>=' if figure.is_least else '<='} {figure.bound:g}"


@dataclass(frozen=True, slots=True)
class Bench:
    """A function that measures, and the names of the figures that it returns."""

    names: tuple[str, ...]
    measure: Callable[["Options"], list[Figure]]


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller asked for."""

    users: int
    repetitions: int
    say: Callable[[str], None] = field(default=print)
    warms_up: bool = True

    def rounds(self) -> Iterator[bool]:
        """Yield for each round whether it counts: the first one only warms caches on all sides."""
        if self.warms_up:
            yield False
        for _ in range(self.repetitions):
            yield True


def write_results(
    figures: Sequence[Figure], started_at: datetime, users: int, path: Path = RESULTS
) -> None:
    """Write the results; figures of earlier runs that were not measured now stay.

    `meta` is of the latest run; each figure says of which commit and moment it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kept: dict[str, Any] = {}
    if path.exists():
        kept = json.loads(path.read_text())["figures"]
    run = {
        "commit": git("rev-parse", "HEAD"),
        "dirty": bool(git("status", "--porcelain", "--", "bench", "plugins", "sql")),
        "started_at": started_at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    kept |= {figure.name: figure.as_dict() | {"users": users} | run for figure in figures}
    draft = path.with_suffix(".draft")
    draft.write_text(
        json.dumps({"meta": run | {"machine": describe_machine()}, "figures": kept}, indent=2)
        + "\n"
    )
    draft.replace(path)


def describe_machine() -> str:
    """Cores, memory and system, without a name."""
    memory = psutil.virtual_memory().total // 2**30
    return f"{psutil.cpu_count()} cores, {memory} GiB, {platform.system()} {platform.machine()}"


def git(*arguments: str) -> str:
    """What a git command prints, stripped; empty when it fails."""
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
