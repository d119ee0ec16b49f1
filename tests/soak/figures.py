"""What a soak counts, what it found broken, and how both are written down."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from bench.figures import describe_machine, git

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build" / "soak" / "results.json"
# What must be nought is printed even when it is: a line that is missing proves nothing.
VIOLATIONS = ("users over a cap", "lost", "doubled", "sums that do not close", "sent unapproved")
KEPT_DETAILS = 20


class Figures:
    """Counts of one soak; parts may call it from several threads.

    `count` what was done ("faults survived"), `record_violation` what must never be. One violation
    fails the soak.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.violations: Counter[str] = Counter(dict.fromkeys(VIOLATIONS, 0))
        self.details: list[dict[str, str]] = []
        self.seconds: dict[str, float] = {}
        self._lock = Lock()

    def count(self, name: str, by: int = 1) -> None:
        """Add to a figure, which begins at nought; by=0 only shows it."""
        with self._lock:
            self.counts[name] += by

    def record_violation(self, name: str, detail: str, by: int = 1) -> None:
        """A promise was broken; `detail` says how to see it again (seed, scenario, ids)."""
        with self._lock:
            self.violations[name] += by
            if len(self.details) < KEPT_DETAILS:
                self.details.append({"violation": name, "detail": detail})

    @property
    def is_clean(self) -> bool:
        """Whether nothing was broken."""
        return not any(self.violations.values())

    def as_dict(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Return what results.json holds."""
        figures = {
            name: {"value": value, "unit": "", "samples": [value], "note": note}
            for note, counter in (("", self.counts), ("must be 0", self.violations))
            for name, value in counter.items()
        }
        seconds = {part: round(spent, 1) for part, spent in self.seconds.items()}
        return {
            "meta": meta | {"seconds": seconds},
            "figures": figures,
            "violations": self.details,
        }


def write_results(figures: Figures, started_at: datetime, minutes: float) -> None:
    """Write build/soak/results.json."""
    meta = {
        "commit": git("rev-parse", "HEAD"),
        "dirty": bool(git("status", "--porcelain")),
        "started_at": started_at.astimezone(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "minutes": minutes,
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures.as_dict(meta), indent=2, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")
