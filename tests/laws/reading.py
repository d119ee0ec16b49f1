"""Reads what the product did, in the words of the model; and its closed sum, added up by hand."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from tests.laws.company import Company
from tests.laws.model import BUCKETS, PlannedRun
from tests.laws.queue_model import Batch
from tests.oracle.model import Decision, Enqueued, LeftOut

_RUNS = """
    SELECT run_id, source_kind || ':' || source_id AS source, occasion, status, salt,
        snapshot_at IS NOT NULL AS has_snapshot, audience_users
    FROM push.run ORDER BY run_id
"""
_BATCHES = "SELECT * FROM push.send_batch"
_LEFT_OUT = "SELECT run_id, bucket, reason, rule_no, user_count, users FROM push.decision_block"
_BLOCKS = "SELECT run_id, bucket, users || excluded || over_max AS users FROM push.audience_block"
_MARKS = "SELECT run_id, bucket, audience_users, enqueued_users, batch_count FROM push.run_bucket"
# What states mean that nobody wrote down: all alike, as the status says.
_PLAIN = {"waiting": 0, "claimed": 0, "expired": 6, "cancelled": 7}


@dataclass(frozen=True)
class Found:
    """Everything that decisions and the queue left in the database."""

    runs: dict[tuple[str, datetime], Any]
    batches: list[Any]
    left_out: list[Any]
    blocks: list[Any]
    marks: list[Any]


def read_all(conn: Connection) -> Found:
    """Read it."""

    def rows(statement: str) -> list[Any]:
        return list(conn.execute(text(statement)))

    runs = {(row.source, row.occasion): row for row in rows(_RUNS)}
    return Found(runs, rows(_BATCHES), rows(_LEFT_OUT), rows(_BLOCKS), rows(_MARKS))


def states_of(row: Any) -> list[int]:
    """The states of a batch by position."""
    return list(row.states) if row.states else [_PLAIN[row.status]] * row.user_count


def compare_runs(company: Company, found: Found) -> dict[int, int]:
    """The same runs in the same states; returns the model's numbers by run_id."""
    told = {one.occasion: (one.status, one.has_snapshot) for one in company.runs}
    seen = {key: (row.status, row.has_snapshot) for key, row in found.runs.items()}
    assert seen == told
    return {found.runs[one.occasion].run_id: one.number for one in company.runs}


def compare_decisions(company: Company, found: Found, numbers: dict[int, int]) -> None:
    """The same decision for everybody, users who were erased by their number only."""
    seen: dict[int, Counter[tuple[int, Decision]]] = {one.number: Counter() for one in company.runs}
    for row in found.batches:
        push = Enqueued(row.variant, row.language, row.not_before)
        seen[numbers[row.run_id]].update((user, push) for user in row.users)
    for row in found.left_out:
        assert row.user_count == len(row.users)
        reason = LeftOut(row.reason, row.rule_no)
        seen[numbers[row.run_id]].update((user, reason) for user in row.users)
    for one in company.runs:
        told = Counter(
            (max(user, 0), decision)
            for decisions in one.decided.values()
            for user, decision in decisions.items()
        )
        if seen[one.number] != told:
            raise AssertionError(
                f"run {one.number} ({one.run.source}): only the product {seen[one.number] - told},"
                f" only the model {told - seen[one.number]}"
            )
        twice = Counter(user for user, _ in seen[one.number].elements() if user)
        assert not [user for user, times in twice.items() if times > 1]


def learn_batches(company: Company, found: Found, numbers: dict[int, int]) -> None:
    """Cut new pushes into batches as the product did: which push lies in which is its choice."""
    cuts: dict[Any, dict[int, list[int]]] = {}
    for row in found.batches:
        cuts.setdefault(_key_of(row, numbers), {})[row.batch_id] = list(row.users)
    learned: list[Batch] = []
    for batch in company.batches:
        is_new = batch.batch_id is None and batch.key in cuts
        learned += batch.split(cuts[batch.key]) if is_new else [batch]
    company.batches = learned


def _key_of(row: Any, numbers: dict[int, int]) -> Any:
    return numbers[row.run_id], row.bucket, row.variant, row.language, row.not_before


def compare_batches(company: Company, found: Found, numbers: dict[int, int]) -> None:
    """The same batches in the same states, with the same slots."""
    told = {
        batch.batch_id: (
            batch.key, batch.leave_by, batch.status, batch.holds_slots, batch.fence,
            batch.lease_until, sorted((max(u, 0), state) for u, state in batch.states.items()),
        )
        for batch in company.batches
    }  # fmt: skip
    seen = {
        row.batch_id: (
            _key_of(row, numbers), row.leave_by, row.status, row.holds_slots, row.fence,
            row.lease_until, sorted(zip(row.users, states_of(row), strict=True)),
        )
        for row in found.batches
    }  # fmt: skip
    for batch_id in told.keys() | seen.keys():
        if told.get(batch_id) != seen.get(batch_id):
            raise AssertionError(
                f"batch {batch_id}: product {seen.get(batch_id)}, model {told.get(batch_id)}"
            )


def check_closed_sums(company: Company, found: Found, numbers: dict[int, int]) -> None:
    """Per run: audience = enqueued + left out + not planned yet; enqueued = the sum of states."""
    by_number = {one.number: one for one in company.runs}
    for run_id, number in numbers.items():
        _check_sum(by_number[number], run_id, found)


def _check_sum(one: PlannedRun, run_id: int, found: Found) -> None:
    row = found.runs[one.occasion]
    marks = {mark.bucket: mark for mark in found.marks if mark.run_id == run_id}
    blocks = {block.bucket: len(block.users) for block in found.blocks if block.run_id == run_id}
    batches = [batch for batch in found.batches if batch.run_id == run_id]
    left_out = sum(block.user_count for block in found.left_out if block.run_id == run_id)
    enqueued = sum(batch.user_count for batch in batches)
    undone = sum(users for bucket, users in blocks.items() if bucket not in marks)
    audience = sum(blocks.values())
    if row.has_snapshot:
        assert row.audience_users == audience
    assert audience == enqueued + left_out + undone, f"run {one.number} does not add up"
    assert sum(mark.audience_users for mark in marks.values()) == enqueued + left_out
    assert sum(mark.enqueued_users for mark in marks.values()) == enqueued
    assert sum(mark.batch_count for mark in marks.values()) == len(batches)
    assert set(marks) <= set(range(BUCKETS))
    for batch in batches:
        assert len(states_of(batch)) == len(batch.users) == batch.user_count
        if batch.state_counts:
            assert sum(batch.state_counts) == batch.user_count


def compare(company: Company, conn: Connection) -> None:
    """Everything."""
    found = read_all(conn)
    numbers = compare_runs(company, found)
    compare_decisions(company, found, numbers)
    learn_batches(company, found, numbers)
    compare_batches(company, found, numbers)
    check_closed_sums(company, found, numbers)
