"""`python -m tests.soak [--minutes 30] [--only PART]`: the tests that never end, for a while.

A part is a module of this folder with `run(until: float, figures: Figures) -> None`: it goes
through fresh random seeds until time.monotonic() reaches `until`.
"""

import argparse
import importlib
import pkgutil
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.soak.figures import RESULTS, ROOT, Figures, write_results
from tests.soak.ground import soak_server

NO_PARTS = {"__main__", "figures", "ground", "test_frame"}
Part = Callable[[float, Figures], None]


def find_parts() -> dict[str, Part]:
    """Return the parts that there are, by name."""
    names = {module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])}
    return {
        name: importlib.import_module(f"tests.soak.{name}").run for name in sorted(names - NO_PARTS)
    }


def soak(parts: dict[str, Part], minutes: float, figures: Figures, console: Console) -> None:
    """Give each part an equal share of the time that is left, one after the other."""
    end = time.monotonic() + minutes * 60
    for number, (name, run) in enumerate(parts.items()):
        started = time.monotonic()
        share = (end - started) / (len(parts) - number)
        console.print(f"{name}: {share / 60:.1f} minutes", style="dim")
        try:
            run(started + max(share, 0), figures)
        except Exception:  # noqa: BLE001 - one broken part hides nothing of the others
            figures.record_violation("parts that broke off", f"{name}: {traceback.format_exc()}")
        figures.seconds[name] = time.monotonic() - started


def show(figures: Figures, console: Console) -> None:
    """Print what was done, and what was found."""
    table = Table("figure", "value")
    table.columns[1].justify = "right"
    for name, value in figures.counts.items():
        table.add_row(name, f"{value:,}".replace(",", " "))
    table.add_section()
    for name, value in figures.violations.items():
        table.add_row(name, str(value), style="red" if value else "green")
    console.print(table)
    for found in figures.details:
        console.print(f"{found['violation']}: {found['detail']}", style="red", markup=False)


def main() -> int:
    """Run the parts asked for; 0 when no promise was broken."""
    parts = find_parts()
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--only", default="", choices=["", *parts], help="one part alone")
    given = parser.parse_args()
    wanted = {name: run for name, run in parts.items() if given.only in ("", name)}
    console = Console(highlight=False)
    figures = Figures()
    started_at = datetime.now(UTC)
    try:
        soak(wanted, given.minutes, figures, console)
    finally:
        soak_server().stop()
    write_results(figures, started_at, given.minutes)
    show(figures, console)
    console.print(f"written to {RESULTS.relative_to(ROOT)}")
    return 0 if figures.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
