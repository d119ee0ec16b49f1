from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.conftest import Databases
from tests.faults.harness import Foundry, Stage
from tests.faults.worlds import Worlds


@pytest.fixture(scope="session")
def foundry() -> Iterator[Foundry]:
    foundry = Foundry()
    yield foundry
    foundry.close()


@pytest.fixture(scope="session")
def worlds(
    databases: Databases, foundry: Foundry, tmp_path_factory: pytest.TempPathFactory
) -> Worlds:
    return Worlds(databases, foundry, tmp_path_factory.mktemp("faults"))


@pytest.fixture
def stage_of(worlds: Worlds) -> Iterator[Callable[[str], Stage]]:
    """`stage_of("due")` is a fresh copy of that world."""
    with ExitStack() as stack:
        yield lambda state: stack.enter_context(worlds.stage(state))
