"""Who runs which tests: the longest first, so that at the end no worker waits for the other.

xdist's own order is by the number of tests: a file with one test of half a minute came last.
Some folders share a fixture that takes seconds to make (Airflow's DAGs read, a shop seeded, worlds
built): their files stay with one worker, which makes it once.
"""

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

CACHE_KEY = "pushline/seconds"
# A folder whose conftest has such a fixture.
TOGETHER = ("tests/dags/", "tests/demo/", "tests/faults/", "tests/hostile/", "tests/operations/")
# What a test takes that was never run here, by folder.
SLOW = (*TOGETHER, "tests/audience/", "tests/bench/", "tests/laws/", "tests/web/browser/")
SLOW_SECONDS, QUICK_SECONDS = 1.0, 0.05


def unit_of(nodeid: str) -> str:
    """Return what one worker runs in one go: a folder that shares, or else a file."""
    return next(filter(nodeid.startswith, TOGETHER), nodeid.split("::", 1)[0])


class LongestFirst(LoadFileScheduling):
    """Hands out the unit that will take longest, by what its tests took last time."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(max(self.workqueue, key=self._expect_seconds), last=False)
        super()._assign_work_unit(node)

    def _expect_seconds(self, unit: str) -> float:
        known = self.config.stash[Stopwatch.known]
        guess = SLOW_SECONDS if unit.startswith(SLOW) else QUICK_SECONDS
        return sum(known.get(nodeid, guess) for nodeid in self.workqueue[unit])


class Stopwatch:
    """Keeps what each test took beside pytest's own cache."""

    known = pytest.StashKey[dict[str, float]]()

    def __init__(self, config: pytest.Config) -> None:
        self.cache = config.cache if config.pluginmanager.hasplugin("cacheprovider") else None
        config.stash[self.known] = self.cache.get(CACHE_KEY, {}) if self.cache else {}
        self.measured: dict[str, float] = {}

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: object) -> object:
        """Take the place of xdist's own order of files."""
        return LongestFirst(config, log) if config.getoption("dist") == "loadfile" else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what the set-up, the test, or the clean-up took."""
        self.measured[report.nodeid] = self.measured.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write it down for the next run."""
        if self.cache:
            seconds = session.config.stash[self.known] | self.measured
            self.cache.set(CACHE_KEY, {name: round(took, 2) for name, took in seconds.items()})
