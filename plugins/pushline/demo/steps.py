"""The numbered lines that a person sees while the demo starts."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Steps:
    """Prints `[3/7] Postgres 18 started   0.9 s` as each step ends."""

    def __init__(self, total: int, console: Console | None = None) -> None:
        self.total = total
        self.done = 0
        self.console = console or Console(highlight=False)
        self.started = time.monotonic()

    @contextmanager
    def step(self, doing: str) -> Iterator[list[str]]:
        """Show what is being done; put a better sentence into the list when it is done."""
        began = time.monotonic()
        said: list[str] = []
        self.done += 1
        number = f"[{self.done}/{self.total}]"
        if sys.stdout.isatty():
            with self.console.status(f"{number} {doing} ..."):
                yield said
        else:
            yield said
        seconds = time.monotonic() - began
        sentence = said[-1] if said else doing
        self.console.print(f"{number} {sentence:<62} {seconds:6.1f} s", markup=False)

    @property
    def seconds(self) -> float:
        """Since the first step began."""
        return time.monotonic() - self.started
