from collections.abc import Callable, Iterator

import pytest

from bench.figures import Figure, Options
from bench.world import bench_server

# A world, and with it everything else, at a five-hundredth of the usual size.
USERS = 2_000
Measure = Callable[[Callable[[Options], list[Figure]]], dict[str, Figure]]


@pytest.fixture(scope="package")
def small_server() -> Iterator[None]:
    """Give the benches a server of the tests' own; the usual one is not touched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUSHLINE_BENCH_HOME", "postgres-bench-test")
        yield
        bench_server().remove()


@pytest.fixture
def measure(small_server: None) -> Measure:
    def run(bench: Callable[[Options], list[Figure]]) -> dict[str, Figure]:
        return {figure.name: figure for figure in bench(Options(USERS, 1, print, warms_up=False))}

    return run
