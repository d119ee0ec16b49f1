"""A scene for worked examples: one bucket, a few people, a policy, a past; then a run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection

from pushline.plan.bucket import plan_bucket
from pushline.plan.passes import prepare_run
from tests.factories import NOON, make_weeks, users_of_bucket
from tests.oracle.mirror import read_decisions, save_past, save_policy, save_run, save_user
from tests.oracle.model import Decision, Policy, Push, Rule, Run, User

BUCKET = 3
LONG_AGO = NOON - timedelta(days=60)


class Scene:
    """People of bucket 3, known from `users`; the first one is the hero of most examples."""

    def __init__(self, conn: Connection, count_of_users: int = 1, **hero: Any) -> None:
        """Everybody is alike; `hero` changes them."""
        self.conn = conn
        self.user_ids = users_of_bucket(conn, BUCKET, count_of_users)
        self._numbers = count(1)
        make_weeks(conn)
        for user_id in self.user_ids:
            save_user(conn, replace(User(user_id), **hero))

    @property
    def hero(self) -> int:
        """The first user."""
        return self.user_ids[0]

    def set_policy(self, *rules: Rule, valid_from: datetime = LONG_AGO, **over: Any) -> None:
        """A policy in force from long ago; rules are numbered in their order."""
        numbered = tuple(replace(rule, number=n) for n, rule in enumerate(rules, start=1))
        save_policy(self.conn, Policy(valid_from, rules=numbered, **over))

    def add_past(
        self,
        *moments: datetime,
        push_class: str = "marketing",
        tags: Sequence[str] = (),
        is_counted: bool = True,
    ) -> None:
        """Pushes of the hero that are planned already, some of them perhaps later."""
        counted = is_counted and push_class != "transactional"
        save_past(
            self.conn,
            [Push(self.hero, 0, moment, push_class, tuple(tags), counted) for moment in moments],
        )

    def make_run(self, at: datetime = NOON, **over: Any) -> Run:
        """A run for everybody that is due a moment before `at` and may leave for two days."""
        number = next(self._numbers)
        row: dict[str, Any] = {
            "number": number,
            "source": "foreign:9001",
            "occasion": at - timedelta(seconds=number),
            "expires_at": at + timedelta(days=2),
            "blocks": {BUCKET: tuple(self.user_ids)},
        }
        return Run(**(row | over))

    def save(self, run: Run, **over: Any) -> int:
        """Write a run down; returns run_id."""
        return save_run(self.conn, run, **over)

    def plan(self, at: datetime = NOON, **over: Any) -> dict[int, Decision]:
        """Plan a run and read everybody's decision."""
        run_id = self.save(self.make_run(at, **over))
        plan_bucket(self.conn, prepare_run(self.conn, run_id, at), BUCKET, at)
        return read_decisions(self.conn, run_id)

    def decide(self, at: datetime = NOON, **over: Any) -> Decision:
        """Plan a run and read the hero's decision."""
        return self.plan(at, **over)[self.hero]
