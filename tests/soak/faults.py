"""Faults without end: any point at any time, connections ended, commits without an answer."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

from pushline.kill_points import POINTS
from tests.faults import stories
from tests.faults.checker import Finding
from tests.faults.harness import Command, Foundry, Stage
from tests.faults.proxy import Fault, proxy_to
from tests.faults.stories import Story
from tests.faults.worlds import Worlds
from tests.soak.figures import VIOLATIONS, Figures
from tests.soak.ground import soak_databases

# So often is a point reached at most; a later time lets the command end undisturbed.
MOST_TIMES = 40
FAULTS: tuple[Fault, ...] = ("before", "after", "half", "delay")
Blow = Callable[[Random, Stage, Story, str], str]


def run(until: float, figures: Figures) -> None:
    """Strike until time.monotonic() reaches `until`; a finding names the seed that repeats it."""
    for name in ("faults survived", "commands not reached by their fault"):
        figures.count(name, 0)
    foundry = Foundry()
    try:
        with TemporaryDirectory() as folder:
            worlds = Worlds(soak_databases(), foundry, Path(folder))
            while monotonic() < until:
                try_one(Random().getrandbits(32), worlds, figures)  # noqa: S311 - no secret
    finally:
        foundry.close()


def try_one(seed: int, worlds: Worlds, figures: Figures) -> None:
    """One story, one blow, then the product goes on and the checker looks."""
    random = Random(seed)  # noqa: S311 - no secret
    point = random.choice(POINTS)
    story = stories.story_of(point)
    blow = random.choice([kill, end_connections, break_commit])
    with worlds.stage(story.state) as stage:
        state = blow(random, stage, story, point)
        findings = stage.check(provider=stage.provider)
        findings += story.carry_on(stage, worlds.golden)
    what = f"seed {seed}: {blow.__name__} at {point}"
    if state.endswith(("broken", "running")):
        findings.append(Finding("commands that broke", state))
    for finding in findings:
        promise = finding.promise if finding.promise in VIOLATIONS else "commands that broke"
        figures.record_violation(promise, f"{what}: {finding.detail}")
    if state == "done" and blow is not break_commit:
        figures.count("commands not reached by their fault")
    else:
        figures.count("faults survived", not findings)
        figures.count(f"faults survived: {blow.__name__.replace('_', ' ')}", not findings)


def kill(random: Random, stage: Stage, story: Story, point: str) -> str:
    """kill -9 at a point, or between two pushes of a taker."""
    return finish(story.start(stage, f"{point}:{random.randint(1, MOST_TIMES)}"))


def end_connections(random: Random, stage: Stage, story: Story, point: str) -> str:
    """Postgres ends all connections of the roles at work while the command stands at a point."""
    command = story.start(stage, f"{point}:{random.randint(1, MOST_TIMES)}:stop")
    if command.wait() == "stopped":
        for role in ("pushline_planner", "pushline"):
            stage.terminate(role)
        command.go_on()
        return f"ended {finish(command)}"
    return command.end


def break_commit(random: Random, stage: Stage, story: Story, _point: str) -> str:
    """The network breaks at some COMMIT."""
    fault = random.choice(FAULTS)
    with proxy_to(stage.url.port or 5432, fault, random.randrange(MOST_TIMES)) as proxy:
        stage.door = stage.url.set(port=proxy.port)
        try:
            return finish(story.start(stage, ""))
        finally:
            stage.door = None


def finish(command: Command) -> str:
    """Wait for the end; what hangs for a minute is ended, and told."""
    state = command.wait()
    if state == "running":
        command.kill()
        return "running"
    return state
