"""A company's two days, told twice: once as it is, once with something done in the middle."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text

from pushline.people.change import erase_person
from pushline.plan.waves import close_wave, freeze_audiences, plan_wave_buckets, start_wave
from pushline.send_queue.client import Answer, Outcome, SendQueue
from pushline.send_queue.closing import cancel_run
from tests.factories import NOON, bucket_of
from tests.oracle.mirror import read_decisions, save_past, save_policy, save_run, save_user
from tests.oracle.model import Policy, Push, Rule, Run, User
from tests.plan.scene import make_weeks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDDLE = NOON + 4 * HOUR
PEOPLE = range(1, 121)
STRANGERS = (9_001, 9_002, 9_003)
ERASED = 44
ZONES = (None, "Asia/Almaty", "Europe/Berlin", "America/New_York")
POLICY = Policy(
    NOON - 30 * DAY,
    quiet=(time(23), time(7)),
    gap=2 * HOUR,
    rules=(
        Rule(1, 2, window=DAY),
        Rule(2, 4, window=7 * DAY, reserve=1),
        Rule(3, 1, window=30 * DAY, tag="sale"),
        Rule(4, 2, kind="calendar_user", unit="week"),
    ),
)
_FIELDS = """
    INSERT INTO push.audience_field (run_id, bucket, fields)
    SELECT a.run_id, a.bucket, ARRAY(
        SELECT '["person ' || u.user_id || '"]'
        FROM unnest(a.users) WITH ORDINALITY AS u (user_id, place) ORDER BY u.place
    ) FROM push.audience_block AS a WHERE a.run_id = :run_id
"""
_PUSHES = """
    SELECT p.run_id, p.user_id, p.variant, p.language, p.not_before, p.state, b.holds_slots,
        b.claimed_at IS NOT NULL AS was_claimed
    FROM push.push AS p
    INNER JOIN push.send_batch AS b ON p.run_day = b.run_day AND p.batch_id = b.batch_id
"""
_ANSWERS = """
    SELECT b.run_id, b.users[o.position] AS user_id, o.installation_id, o.outcome, o.attempt
    FROM push.outcome AS o
    INNER JOIN push.send_batch AS b ON o.run_day = b.run_day AND o.batch_id = b.batch_id
"""
_OPENS = """
    SELECT b.run_id, b.users[r.position] AS user_id, r.insert_id
    FROM push.receipt AS r
    INNER JOIN push.send_batch AS b ON r.run_day = b.run_day AND r.batch_id = b.batch_id
"""
_OPEN = """
    INSERT INTO push.receipt (run_day, batch_id, position, kind, received_at, insert_id)
    VALUES (:run_day, :batch_id, :position, 'opened', :now, :insert_id)
"""


def no_snapshot(run_id: int, now: datetime, /) -> None:
    """These runs have theirs."""


class Company:
    """People with a past, and runs of an offer that one asks for."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.run_ids: list[int] = []
        with engine.begin() as conn:
            make_weeks(conn)
            save_policy(conn, POLICY)
            for user_id in PEOPLE:
                save_user(
                    conn,
                    User(
                        user_id,
                        zone=ZONES[user_id % 4],
                        locale="kk" if user_id % 5 == 0 else "ru",
                        weekly_limit=2 if user_id % 7 == 0 else None,
                        is_control=user_id % 31 == 0,
                    ),
                )
            past = Push(0, 0, NOON - 20 * HOUR, "marketing", ("sale",), is_counted=True)
            save_past(
                conn,
                [replace(past, user_id=user_id) for user_id in PEOPLE if user_id % 9 == 0]
                + [
                    replace(past, user_id=user_id, at=NOON + 6 * HOUR, tags=())
                    for user_id in PEOPLE
                    if user_id % 11 == 0
                ],
            )

    def add_run(self, at: datetime, *, with_fields: bool = False, **over: Any) -> int:
        """A run for everybody that waits to be planned from `at` on."""
        number = len(self.run_ids) + 1
        row = {"expires_at": at + 2 * DAY} | over
        with self.engine.begin() as conn:
            parts = [_by_bucket(conn, users) for users in _audience(number)]
            run = Run(number, f"foreign:{9000 + number}", at, blocks=parts[0], **row)
            run = replace(run, excluded=parts[1], over_max=parts[2])
            run_id = save_run(
                conn, run, status="waiting", field_names=["name"] if with_fields else []
            )
            if with_fields:
                conn.execute(text(_FIELDS), {"run_id": run_id})
        self.run_ids.append(run_id)
        return run_id

    def plan(self, at: datetime, lane: Any = "marketing") -> None:
        """A wave as the planning DAG makes it."""
        wave = freeze_audiences(self.engine, start_wave(self.engine, lane, at), no_snapshot)
        with self.engine.begin() as conn:
            buckets = conn.execute(text("SELECT bucket_count FROM push.setting")).scalar_one()
        plan_wave_buckets(self.engine, wave.wave_id, 0, buckets - 1)
        close_wave(self.engine, wave.wave_id, at)

    def send_some(self, at: datetime, most: int) -> None:
        """Take some batches; end one, give one back half sent, leave one untouched, and so on."""
        queue = SendQueue(self.engine, "sender-1")
        for number, batch in enumerate(queue.claim(max_batches=most, at=at)):
            if number % 3 == 2:
                queue.release(batch, at=at)
                continue
            positions = range(1, len(batch.users) + (number % 3 == 0))
            begun = queue.begin(batch, list(positions), at=at)
            answers = [
                Answer(place, Outcome.ACCEPTED, installation_id=f"phone-{batch.users[place - 1]}")
                for place in begun.may_leave
            ]
            if answers:
                queue.finish(batch, answers, at=at)
                self._note_open(batch, answers[-1].position, at)
            if number % 3:
                queue.release(batch, at=at)

    def _note_open(self, batch: Any, position: int, at: datetime) -> None:
        with self.engine.begin() as conn:
            conn.execute(
                text(_OPEN),
                {
                    "run_day": batch.run_day,
                    "batch_id": batch.batch_id,
                    "position": position,
                    "now": at,
                    "insert_id": f"open-{batch.run_id}-{batch.users[position - 1]}",
                },
            )

    def claim_fields(self, at: datetime) -> dict[tuple[int, int], dict[str, Any]]:
        """Claim all that is due and read each waiting push's own fields."""
        queue = SendQueue(self.engine, "sender-2")
        found = {}
        while batches := queue.claim(max_batches=1000, at=at):
            for batch in batches:
                pushes = zip(batch.users, batch.states, batch.decode_fields(), strict=True)
                for user_id, state, fields in pushes:
                    if user_id and state == 0:
                        found[batch.run_id, user_id] = fields
        return found

    def tell(self) -> dict[str, Any]:
        """All that people would notice: decisions, pushes, answers; not how it is sliced."""
        with self.engine.begin() as conn:
            return {
                "decisions": {run: _decisions(conn, run) for run in self.run_ids},
                "pushes": _rows(conn, _PUSHES),
                "answers": _rows(conn, _ANSWERS),
                "opens": _rows(conn, _OPENS),
            }


def _audience(number: int) -> tuple[list[int], list[int], list[int]]:
    """Everybody but who is left out by the brief or is over its limit, in an order of its own."""
    order = sorted((*PEOPLE, *STRANGERS), key=lambda user: (user * 7919 * number) % 1009)
    return order[10:], order[:6], order[6:10]


def _by_bucket(conn: Connection, users: list[int]) -> dict[int, tuple[int, ...]]:
    blocks: dict[int, tuple[int, ...]] = {}
    for user_id in users:
        bucket = bucket_of(conn, user_id)
        blocks[bucket] = (*blocks.get(bucket, ()), user_id)
    return blocks


def _decisions(conn: Connection, run_id: int) -> dict[int, Any]:
    made = read_decisions(conn, run_id)
    return dict(sorted(made.items()))


def _rows(conn: Connection, question: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in conn.execute(text(question))), key=repr)


def tell_story(engine: Engine, in_the_middle: Callable[[Company], None]) -> dict[str, Any]:
    """Plan, send, cancel, erase; then `in_the_middle`; then plan on; and tell how it ended."""
    company = Company(engine)
    company.add_run(NOON, with_fields=True, variant_shares=(6000, 10_000), languages=("ru", "kk"))
    stopped = company.add_run(NOON + HOUR, tags=("sale",), control_share=2000)
    company.plan(NOON)
    company.send_some(NOON + timedelta(minutes=1), most=60)
    company.plan(NOON + HOUR)
    cancel_run(engine, stopped, "dana", NOON + HOUR)
    company.add_run(
        NOON + 3 * HOUR, with_fields=True, push_class="trigger", is_deferring=True, tags=("sale",)
    )
    company.plan(NOON + 3 * HOUR, "trigger")
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO push.person (user_id, changed_at) VALUES (44, now())"))
        erase_person(conn, user_id=ERASED, who="dana", now=NOON + 3 * HOUR)
    company.add_run(NOON + 5 * HOUR, with_fields=True)
    in_the_middle(company)
    company.plan(NOON + 5 * HOUR)
    company.add_run(NOON + 26 * HOUR, is_deferring=True, with_fields=True)
    company.add_run(NOON + 26 * HOUR, local_time=datetime(2026, 11, 22, 19, 0))  # noqa: DTZ001
    company.plan(NOON + 26 * HOUR)
    told = company.tell()
    told["fields"] = company.claim_fields(NOON + 3 * HOUR + timedelta(minutes=30))
    told["fields"] |= company.claim_fields(NOON + 5 * HOUR + timedelta(minutes=30))
    assert all(list(fields.values()) in ([], [f"person {user}"])
               for (_, user), fields in told["fields"].items())  # fmt: skip
    assert any(told["fields"].values())
    return told
