"""What a fault falls into: a command on a world, and how the product carries on afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.factories import NOON
from tests.faults import world
from tests.faults.checker import LOST, Finding, read_outcome
from tests.faults.harness import Command, Stage

Outcome = dict[tuple[object, ...], tuple[object, ...]]
WRITTEN = (NOON - 2 * world.DAY).isoformat()
OFFERED = (NOON - world.HOUR).isoformat()
TICK = world.TICK.isoformat()
SENDING = world.TICK + timedelta(minutes=1)
# Leases last two minutes; what a dead taker held is free again.
LATER = SENDING + timedelta(minutes=3)
BIG_RUN = """
    SELECT run_id FROM push.run INNER JOIN push.brief ON source_id = brief_id
    WHERE source_kind = 'brief' AND notes ->> 'idea' = 'big'
"""
TO_SEND = """
    SELECT DISTINCT greatest(not_before, lease_until) FROM push.send_batch
    WHERE status IN ('waiting', 'claimed') ORDER BY 1
"""


@dataclass(frozen=True)
class Story:
    """A command, the world it works on, and the way on after a fault in it."""

    state: str
    start: Callable[[Stage, str], Command]
    carry_on: Callable[[Stage, Outcome], list[Finding]]


def bring(stage: Stage, kill_at: str = "") -> Command:
    return stage.start("bring", kill_at, rows=world.rows(), now=WRITTEN)


def approve(stage: Stage, kill_at: str = "") -> Command:
    door, stage.door = stage.door, None
    bring(stage).wait_for("done")
    stage.door = door
    return stage.start("approve", kill_at, ideas=world.APPROVED, now=WRITTEN)


def offer(stage: Stage, kill_at: str = "") -> Command:
    return stage.start("offer", kill_at, offers=world.offers_of_today(), at=OFFERED)


def tick(stage: Stage, kill_at: str = "") -> Command:
    return stage.start("tick", kill_at, now=TICK)


def take(stage: Stage, kill_at: str = "") -> Command:
    return stage.start("take", kill_at, at=SENDING.isoformat())


def cancel(stage: Stage, kill_at: str = "") -> Command:
    """Cancel the big run when a few of its batches have left."""
    ((run_id,),) = stage.ask(BIG_RUN)
    return stage.start("cancel", kill_at, run_id=run_id, now=SENDING.isoformat())


def prepare_again(stage: Stage, _golden: Outcome) -> list[Finding]:
    """The same file and the same approvals once more."""
    stage.run("bring", rows=world.rows(), now=WRITTEN)
    stage.run("approve", ideas=world.APPROVED, now=WRITTEN)
    findings = stage.check()
    briefs = stage.ask("SELECT count(*), max(current_version) FROM push.brief")
    if briefs != [(len(world.SHEET), 1)]:
        findings.append(Finding(LOST, f"briefs and versions: {briefs}"))
    approved = stage.ask("SELECT count(*) FROM push.approval WHERE withdrawn_at IS NULL")
    if approved != [(len(world.APPROVED),)]:
        findings.append(Finding(LOST, f"approvals: {approved}"))
    return findings


def offer_again(stage: Stage, _golden: Outcome) -> list[Finding]:
    """The other team repeats all its offers."""
    stage.run("offer", offers=world.offers_of_today(), at=OFFERED)
    findings = stage.check()
    offers = len(world.offers_of_yesterday()) + len(world.offers_of_today())
    runs = stage.ask("SELECT count(*) FROM push.run")
    if runs != [(offers,)]:
        findings.append(Finding(LOST, f"{runs} runs of {offers} offers"))
    return findings


def tick_again(stage: Stage, golden: Outcome) -> list[Finding]:
    """The next tick takes along what the broken one left; it must come to the same decisions."""
    stage.run("tick", now=TICK)
    return [*stage.check(is_resumed=True), *compare(stage, golden)]


def take_again(stage: Stage, _golden: Outcome) -> list[Finding]:
    """Another taker, after the lease, and then at each later moment until nothing waits."""
    moment = LATER
    for _ in range(200):
        stage.run("take", at=moment.isoformat(), worker="second")
        due = [at for (at,) in stage.ask(TO_SEND)]
        if not due:
            return stage.check(is_resumed=True, is_sent=True)
        moment = max(due[0], moment) + timedelta(minutes=1)
    return [Finding(LOST, "the queue does not become empty")]


def cancel_again(stage: Stage, golden: Outcome) -> list[Finding]:
    """The same command again, then the takers."""
    cancel(stage).wait_for("done")
    findings = stage.check(is_resumed=True)
    still = stage.ask(
        "SELECT count(*) FROM push.send_batch AS b INNER JOIN push.run AS r USING (run_id)"
        " WHERE r.status = 'cancelled' AND b.status = 'waiting'"
    )
    if still != [(0,)]:
        findings.append(Finding(LOST, f"{still} batches of the cancelled run wait"))
    return findings + take_again(stage, golden)


def compare(stage: Stage, golden: Outcome) -> list[Finding]:
    """Every user's decision is the one that the undisturbed tick made."""
    found = read_outcome(stage.dsn)
    different = [key for key in golden.keys() | found.keys() if golden.get(key) != found.get(key)]
    return [
        Finding(LOST, f"{key}: {found.get(key)} instead of {golden.get(key)}")
        for key in sorted(different, key=str)[:5]
    ]


STORIES = {
    "import": Story("empty", bring, prepare_again),
    "approval": Story("empty", approve, prepare_again),
    "offer": Story("empty", offer, offer_again),
    "plan": Story("due", tick, tick_again),
    "take": Story("planned", take, take_again),
    "cancel": Story("planned", cancel, cancel_again),
}
# Which story reaches the points of a stage.
REACHED_IN = {
    "transaction": "plan",
    "due": "plan",
    "wave": "plan",
    "snapshot": "plan",
    "reach": "plan",
    "plan": "plan",
    "close_wave": "plan",
    "claim": "take",
    "begin": "take",
    "finish": "take",
    "offer": "offer",
    "import": "import",
    "approval": "approval",
    "cancel": "cancel",
}


def story_of(point: str) -> Story:
    """The story that reaches a kill point."""
    return STORIES[REACHED_IN[point.partition(".")[0]]]
