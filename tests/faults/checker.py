"""The independent checker: reads base tables with SQL of its own and counts in plain Python.

It shares no code with the product, so that a mistake there cannot hide itself here. It answers
with findings: what was broken, and where. No finding means that the promises held.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

# The words of a soak's figures.
SUMS, OVER, TWICE, LOST, UNAPPROVED = (
    "sums that do not close",
    "users over a cap",
    "doubled",
    "lost",
    "sent unapproved",
)
Row = dict[str, Any]
WEEK = timedelta(days=7)
ENDED = (2, 3, 4, 5, 6, 7)
NOT_ENDED_BY_STATUS = {"done": (0, 1), "cancelled": (0,), "expired": (0,), "waiting": (1,)}

RUNS = "SELECT * FROM push.run ORDER BY run_id"
BLOCKS = "SELECT run_id, bucket, users, excluded, over_max FROM push.audience_block"
BATCHES = "SELECT * FROM push.send_batch"
DECISIONS = "SELECT * FROM push.decision_block"
MARKS = "SELECT * FROM push.run_bucket"
RULES = "SELECT * FROM push.cap_rule"
POLICY = "SELECT * FROM push.policy ORDER BY valid_from DESC LIMIT 1"
LIMITS = "SELECT user_id, weekly_limit FROM push.recipient WHERE weekly_limit IS NOT NULL"
APPROVALS = """
    SELECT a.*, v.edited_by, v.content_hash AS written
    FROM push.approval AS a
    LEFT JOIN push.brief_version AS v ON v.brief_id = a.source_id AND v.version = a.version
    WHERE a.withdrawn_at IS NULL AND a.source_kind = 'brief'
"""
OFFERS = "SELECT * FROM push.offer"
BUCKET_COUNT = "SELECT bucket_count FROM push.setting"
BRIEFS = "SELECT notes ->> 'idea' AS idea, current_version FROM push.brief"


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken promise, and where."""

    promise: str
    detail: str


class Facts:
    """Everything the checker reads, at one moment."""

    def __init__(self, dsn: str) -> None:
        with psycopg.connect(dsn, row_factory=dict_row) as conn:
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

            def read(question: str) -> list[Row]:
                return conn.execute(question.encode()).fetchall()

            self.runs = {row["run_id"]: row for row in read(RUNS)}
            self.blocks = by_run(read(BLOCKS))
            self.batches = by_run(read(BATCHES))
            self.decisions = by_run(read(DECISIONS))
            self.marks = by_run(read(MARKS))
            self.rules, self.policy = read(RULES), read(POLICY)[0]
            self.own_limits = {row["user_id"]: row["weekly_limit"] for row in read(LIMITS)}
            self.approvals, self.offers = read(APPROVALS), read(OFFERS)
            self.bucket_count = read(BUCKET_COUNT)[0]["bucket_count"]
            self.briefs = read(BRIEFS)
            self.left_before = [row["line"] for row in read("SELECT * FROM company.left_before")]


def by_run(rows: Iterable[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["run_id"]].append(row)
    return grouped


def check(
    dsn: str, *, provider: Path | None = None, is_resumed: bool = False, is_sent: bool = False
) -> list[Finding]:
    """Look for broken promises.

    is_resumed: everything that began was carried on to its end, so nothing may be undecided.
    provider: file of what left, a line "run user" each. is_sent: takers went on until nothing was
    due, so nothing may wait or be in somebody's hands.
    """
    facts = Facts(dsn)
    findings = [
        *check_sums(facts),
        *check_marks(facts),
        *check_batches(facts),
        *check_caps(facts),
        *check_frozen(facts),
        *check_sources(facts),
    ]
    if is_resumed:
        findings += check_resumed(facts)
    if provider:
        findings += check_provider(facts, provider, is_sent=is_sent)
    return findings


def audience_of(block: Row) -> list[int]:
    return [*block["users"], *block["excluded"], *block["over_max"]]


def check_sums(facts: Facts) -> Iterator[Finding]:
    """Both sides: the frozen audience, and what was decided, user by user."""
    for run_id, run in facts.runs.items():
        done = {mark["bucket"] for mark in facts.marks[run_id]}
        blocks = facts.blocks[run_id]
        asked = {user for block in blocks if block["bucket"] in done for user in audience_of(block)}
        users = sum(len(audience_of(block)) for block in blocks)
        if run["snapshot_at"] and run["audience_users"] != users:
            yield Finding(SUMS, f"run {run_id}: audience {run['audience_users']}, blocks {users}")
        parts = facts.batches[run_id] + facts.decisions[run_id]
        decided = Counter(user for part in parts for user in part["users"])
        for user in (user for user, times in decided.items() if times > 1):
            yield Finding(TWICE, f"run {run_id}: user {user} was decided {decided[user]} times")
        for user in decided.keys() - asked:
            yield Finding(SUMS, f"run {run_id}: user {user} was decided without being asked")
        for user in asked - decided.keys():
            yield Finding(LOST, f"run {run_id}: user {user} of a decided bucket has no decision")


def check_marks(facts: Facts) -> Iterator[Finding]:
    """A bucket is done with the numbers that its mark says, or untouched."""
    for run_id in facts.runs:
        marks = {mark["bucket"]: mark for mark in facts.marks[run_id]}
        if len(marks) != len(facts.marks[run_id]):
            yield Finding(TWICE, f"run {run_id}: a bucket has two marks")
        enqueued: Counter[int] = Counter()
        batches: Counter[int] = Counter()
        for batch in facts.batches[run_id]:
            enqueued[batch["bucket"]] += len(batch["users"])
            batches[batch["bucket"]] += 1
        touched = {*enqueued, *(block["bucket"] for block in facts.decisions[run_id])}
        if touched - marks.keys():
            yield Finding(SUMS, f"run {run_id}: buckets {touched - marks.keys()} are half done")
        asked = {block["bucket"]: len(audience_of(block)) for block in facts.blocks[run_id]}
        for bucket, mark in marks.items():
            said = (mark["audience_users"], mark["enqueued_users"], mark["batch_count"])
            counted = (asked.get(bucket, 0), enqueued[bucket], batches[bucket])
            if said != counted:
                yield Finding(SUMS, f"run {run_id}, bucket {bucket}: {said} said, {counted} found")


def states_of(batch: Row) -> list[int]:
    """A state a push; a batch without a list is all of one kind."""
    all_alike = {"expired": 6, "cancelled": 7}.get(batch["status"], 0)
    return batch["states"] or [all_alike] * batch["user_count"]


def check_batches(facts: Facts) -> Iterator[Finding]:
    """A batch's own numbers, its states and its status say the same."""
    for batch in (batch for batches in facts.batches.values() for batch in batches):
        where = f"batch {batch['batch_id']}"
        states = states_of(batch)
        if not batch["user_count"] == len(batch["users"]) == len(states):
            yield Finding(SUMS, f"{where}: user_count, users and states differ")
        if len(batch.get("places") or batch["users"]) != batch["user_count"]:
            yield Finding(SUMS, f"{where}: places of fields do not match users")
        if set(states) & set(NOT_ENDED_BY_STATUS.get(batch["status"], ())):
            yield Finding(SUMS, f"{where}: is {batch['status']} with states {set(states)}")
        run = facts.runs[batch["run_id"]]
        if not batch["leave_by"] <= batch["expires_at"] <= run["expires_at"]:
            yield Finding(UNAPPROVED, f"{where}: may leave after its run's deadline")
    for run_id, blocks in facts.decisions.items():
        if any(block["user_count"] != len(block["users"]) for block in blocks):
            yield Finding(SUMS, f"run {run_id}: a decision block's number differs from its users")


def check_caps(facts: Facts) -> Iterator[Finding]:
    """No window of any rule holds more than its maximum, on planned times, wherever it is put."""
    pushes: dict[int, list[Row]] = defaultdict(list)
    for batch in (batch for batches in facts.batches.values() for batch in batches):
        if batch["holds_slots"] and batch["is_counted"] and batch["class"] != "transactional":
            for user in batch["users"]:
                pushes[user].append(batch)
    for user, batches in pushes.items():
        times = sorted(batch["not_before"] for batch in batches)
        gap = facts.policy["minimum_gap"]
        if gap and any(later - earlier < gap for earlier, later in pairwise(times)):
            yield Finding(OVER, f"user {user}: two pushes nearer than {gap}")
        limit = facts.own_limits.get(user)
        if limit is not None and most_in(WEEK, times) > limit:
            yield Finding(OVER, f"user {user}: more than the own limit of {limit} a week")
        for rule in facts.rules:
            yield from check_rule(user, rule, batches)


def check_rule(user: int, rule: Row, batches: list[Row]) -> Iterator[Finding]:
    counted = [
        batch
        for batch in batches
        if rule["class"] in (None, batch["class"]) and rule["tag"] in (None, *batch["tags"])
    ]
    every = sorted(batch["not_before"] for batch in counted)
    marketing = sorted(b["not_before"] for b in counted if b["class"] == "marketing")
    for times, maximum, what in (
        (every, rule["maximum"], "pushes"),
        (marketing, rule["maximum"] - rule["reserve"], "marketing pushes"),
    ):
        found = most_in(rule["window_length"], times)
        if found > maximum:
            yield Finding(
                OVER, f"user {user}, rule {rule['rule_no']}: {found} {what}, at most {maximum}"
            )


def most_in(window: timedelta, times: list[datetime]) -> int:
    """The most moments that one window (t - window, t] can hold."""
    return max((sum(t <= u < t + window for u in times) for t in times), default=0)


def check_frozen(facts: Facts) -> Iterator[Finding]:
    """Nothing is enqueued for a run that was not approved, due and unexpired when planned."""
    for run_id, run in facts.runs.items():
        batches = facts.batches[run_id]
        if not batches:
            continue
        where = f"run {run_id} ({run['title']})"
        complaint = refuse_offer(facts, run) if run["source_kind"] == "foreign" else ""
        if run["source_kind"] == "brief":
            complaint = refuse_brief(facts, run)
        if complaint:
            yield Finding(UNAPPROVED, f"{where}: {complaint}")
        if run["status"] in ("waiting", "held"):
            yield Finding(UNAPPROVED, f"{where}: is {run['status']} and has pushes")
        yield from check_moments(run, batches, where)


def check_moments(run: Row, batches: list[Row], where: str) -> Iterator[Finding]:
    for batch in batches:
        if not run["due_at"] <= batch["planned_at"] < run["expires_at"]:
            yield Finding(UNAPPROVED, f"{where}: planned at {batch['planned_at']}")
        if batch["not_before"] < run["due_at"]:
            yield Finding(UNAPPROVED, f"{where}: leaves at {batch['not_before']}")
        if run["closed_at"] and batch["status"] == "waiting":
            yield Finding(UNAPPROVED, f"{where}: is {run['status']} and goes on")


def refuse_offer(facts: Facts, run: Row) -> str:
    offers = [o for o in facts.offers if o["offer_id"] == run["source_id"]]
    if not offers or offers[0]["content_hash"] != run["content_hash"]:
        return "nobody offered it as it stands"
    return ""


def refuse_brief(facts: Facts, run: Row) -> str:
    key = (run["source_id"], run["version"])
    found = [row for row in facts.approvals if (row["source_id"], row["version"]) == key]
    if not found or found[0]["content_hash"] != run["content_hash"]:
        return "nobody approved it as it stands"
    if found[0]["written"] != run["content_hash"]:
        return "the approved text is another"
    return "its writer approved it" if found[0]["approved_by"] in found[0]["edited_by"] else ""


def check_sources(facts: Facts) -> Iterator[Finding]:
    """One run an occasion, one run an offer, one brief a row of the sheet, one live approval."""
    keys = Counter((r["source_kind"], r["source_id"], r["occasion"]) for r in facts.runs.values())
    yield from twice("run", keys)
    foreign = [r for r in facts.runs.values() if r["source_kind"] == "foreign"]
    yield from twice("run of an offer", Counter(run["source_id"] for run in foreign))
    yield from twice("offer", Counter((o["team"], o["occasion_key"]) for o in facts.offers))
    yield from twice("brief", Counter(brief["idea"] for brief in facts.briefs))
    live = Counter((row["source_id"], row["version"]) for row in facts.approvals)
    yield from twice("approval", live)
    if {run["source_id"] for run in foreign} != {offer["offer_id"] for offer in facts.offers}:
        yield Finding(LOST, "an offer has no run")


def twice(what: str, counted: Counter[Any]) -> Iterator[Finding]:
    for key, times in counted.items():
        if times > 1:
            yield Finding(TWICE, f"{what} {key} is there {times} times")


def check_resumed(facts: Facts) -> Iterator[Finding]:
    """Whatever began has come to its end: every user of every begun run is decided."""
    for run_id, run in facts.runs.items():
        if run["status"] in ("waiting", "expired"):
            continue
        if run["status"] not in ("planned", "cancelled"):
            yield Finding(LOST, f"run {run_id} ({run['title']}) is still {run['status']}")
        marks = facts.marks[run_id]
        if len(marks) != facts.bucket_count:
            yield Finding(LOST, f"run {run_id}: {len(marks)} buckets are decided")
        decided = sum(len(batch["users"]) for batch in facts.batches[run_id])
        decided += sum(len(block["users"]) for block in facts.decisions[run_id])
        if decided != (run["audience_users"] or 0):
            yield Finding(LOST, f"run {run_id}: {decided} decided of {run['audience_users']}")


def check_provider(facts: Facts, provider: Path, *, is_sent: bool) -> Iterator[Finding]:
    """What left, left once, was begun before, and is in the books."""
    lines = provider.read_text().splitlines() if provider.exists() else []
    left = Counter((int(run), int(user)) for run, user in map(str.split, lines + facts.left_before))
    states = {
        (run_id, user): state
        for run_id, batches in facts.batches.items()
        for batch in batches
        for user, state in zip(batch["users"], states_of(batch), strict=True)
    }
    for (run_id, user), times in left.items():
        where = f"run {run_id}: user {user}"
        state = states.get((run_id, user))
        if times > 1 and not facts.runs[run_id]["resend_unknown"]:
            yield Finding(TWICE, f"{where} was sent {times} times")
        if state is None:
            yield Finding(UNAPPROVED, f"{where} was sent without being enqueued")
        elif state in (0, 5, 6, 7):
            yield Finding(SUMS, f"{where} was sent, the books say {state}")
    for (run_id, user), state in states.items():
        if state == 2 and not left[run_id, user]:
            yield Finding(LOST, f"run {run_id}: user {user} is accepted and was never sent")
        if is_sent and state not in ENDED:
            yield Finding(LOST, f"run {run_id}: user {user} still waits (state {state})")


def read_outcome(dsn: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """What each run decided for each user, by what the run is about: to compare two worlds."""
    facts = Facts(dsn)
    decided: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for run_id, run in facts.runs.items():
        key = (run["source_kind"], run["title"], run["occasion"])
        for batch in facts.batches[run_id]:
            what = ("enqueued", batch["variant"], batch["language"], batch["not_before"])
            decided |= {(*key, user): what for user in batch["users"]}
        for block in facts.decisions[run_id]:
            why = ("left out", block["reason"], block["rule_no"])
            decided |= {(*key, user): why for user in block["users"]}
    return decided
