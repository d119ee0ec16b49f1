import json
import time
from typing import Any

import pytest
from rich.console import Console

from tests.soak import __main__ as frame
from tests.soak import figures as written
from tests.soak.figures import Figures


def soak_with(**parts: Any) -> Figures:
    figures = Figures()
    frame.soak(parts, 0, figures, Console(quiet=True))
    return figures


def test_violation_makes_the_soak_fail():
    figures = soak_with(laws=lambda until, figures: figures.count("worlds", 3))
    assert figures.is_clean
    figures = soak_with(laws=lambda until, figures: figures.record_violation("lost", "seed 1"))
    assert not figures.is_clean
    assert figures.details == [{"violation": "lost", "detail": "seed 1"}]


def test_part_that_breaks_off_is_a_violation_and_the_next_part_runs():
    def break_off(until: float, figures: Figures) -> None:
        raise ValueError("seed 7")

    figures = soak_with(faults=break_off, laws=lambda until, figures: figures.count("worlds"))
    assert figures.counts["worlds"] == 1
    assert figures.violations["parts that broke off"] == 1
    assert "seed 7" in figures.details[0]["detail"]


def test_time_is_shared_and_what_one_leaves_goes_to_the_others():
    ends: list[float] = []
    figures = Figures()
    parts = {name: lambda until, figures: ends.append(until) for name in ("a", "b")}
    started = time.monotonic()
    frame.soak(parts, 10, figures, Console(quiet=True))
    assert 299 <= ends[0] - started <= 301
    assert 599 <= ends[1] - started <= 601


def test_results_name_what_is_nought(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(written, "RESULTS", tmp_path / "soak" / "results.json")
    figures = soak_with(laws=lambda until, figures: figures.count("worlds", 3))
    written.write_results(figures, written.datetime.now(written.UTC), 1)
    results = json.loads(written.RESULTS.read_text())
    assert results["figures"]["worlds"]["value"] == 3
    assert results["figures"]["users over a cap"]["value"] == 0
    assert set(results["meta"]) >= {"commit", "dirty", "started_at", "machine", "minutes"}


def test_every_part_has_a_run():
    assert all(callable(run) for run in frame.find_parts().values())
