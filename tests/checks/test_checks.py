from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.database.sql import Query
from pushline.errors import BadQueryFile, ChecksFailed
from pushline.report import checks as module
from pushline.report.checks import list_check_results, list_checks, require_clean, run_checks
from tests.factories import NOON, create_batch, create_run, users_of_bucket
from tests.report.factories import add_policy, add_rule, enqueue, leave_out, mark_policy

DAY = timedelta(days=1)
NAMES = [check.path.stem for check in list_checks()]


def find(db: Connection, name: str, now: datetime = NOON) -> list[tuple[str, str]]:
    check = Query(f"checks/{name}")
    parameters = {"now": now} if "now" in check.header.parameters else {}
    return [(row.key, row.detail) for row in check.all(db, **parameters)]


@pytest.fixture
def world(db: Connection) -> Connection:
    """Decided, undecided, sent, expired: everything in order. The partitions are those of today."""
    users = users_of_bucket(db, 0, 9)
    policy_id = add_policy(db, minimum_gap=timedelta(hours=2))
    add_rule(db, policy_id, maximum=3)
    run_id = create_run(db, audience=users)
    leave_out(db, run_id, users[:3], "no_consent", policy_id=policy_id)
    enqueue(db, run_id, users[3:6], [2, 2, 5])
    enqueue(db, run_id, users[6:9])
    create_run(db, audience=users_of_bucket(db, 1, 2), occasion=NOON - timedelta(minutes=5))
    create_run(db, status="waiting", due_at=NOON + DAY)
    return db


@pytest.mark.parametrize("name", NAMES)
def test_a_clean_world_passes(world: Connection, name: str):
    assert find(world, name) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_check_says_what_it_is(name: str):
    header = Query(f"checks/{name}").header
    assert header.severity in {"fail", "warn"}
    assert list(header.columns) == ["key", "detail"]
    assert not header.writes
    assert set(header.parameters) <= {"now"}


def spoil(db: Connection, statement: str, **values: object) -> None:
    assert db.execute(text(statement), values).rowcount >= 1


def test_closed_sum_finds_a_lost_user(world: Connection):
    spoil(
        world,
        "UPDATE push.decision_block SET user_count = 2, users = users[1:2] WHERE bucket = 0",
    )
    [(key, detail)] = find(world, "closed_sum")
    assert key.endswith("bucket 0")
    assert detail == "9 users, but 6 enqueued and 2 left out"


def test_closed_sum_finds_a_lost_batch(world: Connection):
    spoil(world, "DELETE FROM push.send_batch WHERE status = 'done'")
    [(_, detail)] = find(world, "closed_sum")
    assert "the mark says 6 enqueued, the batches hold 3" in detail
    assert "the mark says 2 batches, there are 1" in detail


def test_closed_sum_finds_a_snapshot_that_shrank(world: Connection):
    spoil(world, "UPDATE push.audience_block SET users = users[1:8] WHERE bucket = 0")
    found = dict(find(world, "closed_sum"))
    assert any("the mark says 9 users, the snapshot 8" in detail for detail in found.values())
    assert any("9 users when the audience was read, 8 in" in detail for detail in found.values())


def test_closed_sum_finds_decisions_without_a_mark(world: Connection):
    spoil(world, "DELETE FROM push.run_bucket WHERE bucket = 0")
    [(_, detail)] = find(world, "closed_sum")
    assert detail == "3 users left out without a mark; 6 users enqueued without a mark"


def test_closed_sum_finds_states_that_do_not_fit(world: Connection):
    spoil(world, "UPDATE push.send_batch SET states = '{2,2,99}' WHERE status = 'done'")
    [(_, detail)] = find(world, "closed_sum")
    assert detail == "1 batches do not add up in themselves"


def test_closed_sum_finds_a_kept_total_that_does_not_add_up(world: Connection):
    run_id = create_run(world, occasion=NOON - 200 * DAY)
    spoil(
        world,
        "INSERT INTO push.run_total VALUES (:run_id, :now, 5, 0, 3, "
        """'[{"code": "erased", "rule_title": "", "users": 1}]', '{"accepted": 3}')""",
        run_id=run_id,
        now=NOON,
    )
    assert [key for key, _ in find(world, "closed_sum")] == [f"run {run_id}"]


@pytest.mark.parametrize("where", ["batch", "reason"])
def test_once_finds_a_user_twice(db: Connection, where: str):
    users = users_of_bucket(db, 0, 2)
    run_id = create_run(db, audience=users)
    enqueue(db, run_id, users)
    if where == "batch":
        enqueue(db, run_id, users[:1])
    else:
        leave_out(db, run_id, users[:1], "no_consent")
    [(key, detail)] = find(db, "once")
    assert key == f"run {run_id}, user {users[0]}"
    assert detail == {"batch": "2 enqueued, 0 left out", "reason": "1 enqueued, 1 left out"}[where]


def test_once_leaves_erased_people_aside(db: Connection):
    batch_id = create_batch(db)
    spoil(db, "UPDATE push.send_batch SET users = '{0,0,0}' WHERE batch_id = :id", id=batch_id)
    assert find(db, "once") == []


def test_a_batch_without_a_mark_is_found(db: Connection):
    create_batch(db)
    spoil(db, "DELETE FROM push.run_bucket")
    [(_, detail)] = find(db, "batch_without_mark")
    assert detail == "1 batches with 3 users"


@pytest.mark.parametrize("status", ["waiting", "planning"])
def test_a_run_due_for_long_is_found(db: Connection, status: str):
    due = NOON - timedelta(minutes=11)
    run_id = create_run(db, audience=[1, 2], occasion=due, status=status)
    assert find(db, "due_but_not_planned", due + timedelta(minutes=9)) == []
    [(key, detail)] = find(db, "due_but_not_planned")
    assert key == f"run {run_id}"
    assert "due 2026-11-21 06:49 UTC" in detail


@pytest.mark.parametrize(
    "excuse",
    [
        "UPDATE push.run SET status = 'held'",
        "UPDATE push.run SET status = 'set_aside'",
        "INSERT INTO push.set_aside SELECT run_id, -1, now(), 'broken' FROM push.run",
        "UPDATE push.run SET expires_at = due_at + interval '1 minute'",
        "INSERT INTO push.pause (scope, paused_by, paused_at) VALUES ('all', 'anna', now())",
        "INSERT INTO push.run_bucket SELECT run_id, push.bucket_of(1), now(), NULL, 1, 0, 0 "
        "FROM push.run",
    ],
)
def test_a_run_that_waits_for_a_reason_is_not_found(db: Connection, excuse: str):
    create_run(db, audience=[1], occasion=NOON - timedelta(minutes=30))
    assert len(find(db, "due_but_not_planned")) == 1
    spoil(db, excuse)
    assert find(db, "due_but_not_planned") == []


def test_a_stale_lease_is_found(db: Connection):
    create_batch(
        db,
        status="claimed",
        worker="w",
        claimed_at=NOON,
        lease_until=NOON + timedelta(minutes=1),
    )
    assert find(db, "stale_lease", NOON + timedelta(minutes=10)) == []
    [(_, detail)] = find(db, "stale_lease", NOON + timedelta(minutes=12))
    assert "claimed by w, lease until 2026-11-21 07:01 UTC" in detail


def test_fields_that_outlive_their_time_are_found(db: Connection):
    users = users_of_bucket(db, 0, 3)
    run_id = create_run(db, audience=users)
    enqueue(db, run_id, users, fields=["[]"] * 3)
    ends = NOON + timedelta(hours=6)
    assert find(db, "field_outlives", ends + 3 * DAY) == []
    found = find(db, "field_outlives", ends + 3 * DAY + timedelta(minutes=1))
    assert [key.split()[0] for key, _ in found] == ["run"]


def test_missing_partitions_are_found(db: Connection):
    now = db.execute(text("SELECT now()")).scalar_one()
    assert find(db, "partitions_missing", now + 21 * DAY) == []
    found = find(db, "partitions_missing", now + 70 * DAY)
    assert len(found) == 12
    assert {detail.split()[3] for _, detail in found} == {
        "send_batch",
        "outcome",
        "receipt",
        "event",
    }


def test_a_recipient_that_drifted_is_found(db: Connection):
    spoil(
        db,
        "INSERT INTO push.person (user_id, changed_at) VALUES (7, :now)",
        now=NOON,
    )
    assert find(db, "recipient_drift") == [("7", "a person without a recipient row")]


@pytest.fixture
def send(db: Connection) -> Callable[..., int]:
    """Enqueues one push to user 7 so many hours from noon, decided under a policy."""

    def enqueue_at(policy_id: int | None, hours: float, **over: object) -> int:
        occasion = NOON + timedelta(hours=hours)
        run_id = create_run(db, audience=[7], occasion=occasion, **over)
        enqueue(db, run_id, [7])
        if policy_id:
            mark_policy(db, run_id, policy_id, occasion)
        return run_id

    return enqueue_at


def test_caps_finds_one_push_too_many(db: Connection, send: Callable[..., int]):
    policy_id = add_policy(db)
    add_rule(db, policy_id, maximum=2)
    for hours in (-7 * 24, -3, 0):
        send(policy_id, hours)
    assert find(db, "caps_exceeded") == [], "a push exactly seven days ago no longer counts"
    send(policy_id, 12)
    assert find(db, "caps_exceeded") == [
        (
            "user 7",
            "cap 'week: 3 per 7 days': more than 2 in the window that ends 2026-11-21 19:00 UTC",
        )
    ]


def test_caps_are_not_judged_by_a_later_policy(db: Connection, send: Callable[..., int]):
    old = add_policy(db, valid_from=NOON - 90 * DAY)
    new = add_policy(db, valid_from=NOON - DAY)
    add_rule(db, new, maximum=1)
    for policy_id, hours in ((old, -5), (old, -4), (None, -3), (new, 0)):
        send(policy_id, hours)
    assert find(db, "caps_exceeded") == []
    send(new, 1)
    assert len(find(db, "caps_exceeded")) == 1


def test_caps_count_only_what_the_rule_counts(db: Connection, send: Callable[..., int]):
    policy_id = add_policy(db)
    add_rule(db, policy_id, maximum=1, push_class="marketing", tag="promo")
    send(policy_id, 0, tags=["promo"])
    send(policy_id, 1, tags=["news"])
    send(policy_id, 2, tags=["promo"], lane="trigger")
    send(policy_id, 3, tags=["promo"], lane="trigger", **{"class": "transactional"})
    assert find(db, "caps_exceeded") == []
    send(policy_id, 4, tags=["news", "promo"])
    assert len(find(db, "caps_exceeded")) == 1


def test_caps_leave_released_slots_out(db: Connection, send: Callable[..., int]):
    policy_id = add_policy(db)
    add_rule(db, policy_id, maximum=1)
    run_id = send(policy_id, 0)
    send(policy_id, 1)
    assert len(find(db, "caps_exceeded")) == 1
    spoil(
        db,
        "UPDATE push.send_batch SET status = 'cancelled', holds_slots = false WHERE run_id = :id",
        id=run_id,
    )
    assert find(db, "caps_exceeded") == []


def test_caps_know_the_reserve(db: Connection, send: Callable[..., int]):
    policy_id = add_policy(db)
    add_rule(db, policy_id, maximum=3, reserve=1)
    send(policy_id, 0)
    send(policy_id, 1)
    send(policy_id, 2, lane="trigger")
    assert find(db, "caps_exceeded") == []
    spoil(db, "DELETE FROM push.send_batch WHERE lane = 'trigger'")
    send(policy_id, 3)
    [(_, detail)] = find(db, "caps_exceeded")
    assert "marketing without the reserve': more than 2" in detail


def test_caps_know_the_calendar_of_the_project(db: Connection, send: Callable[..., int]):
    policy_id = add_policy(db)
    add_rule(
        db, policy_id, window_kind="calendar_project", calendar_unit="day", maximum=1, title="day"
    )
    # Almaty's midnight is 19:00 UTC: twelve hours after noon there.
    send(policy_id, 11)
    send(policy_id, 12)
    assert find(db, "caps_exceeded") == []
    send(policy_id, 0)
    [(_, detail)] = find(db, "caps_exceeded")
    assert "cap 'day': more than 1" in detail


def test_caps_know_the_minimum_gap(db: Connection, send: Callable[..., int]):
    policy_id = add_policy(db, minimum_gap=timedelta(hours=2))
    send(policy_id, 0)
    send(policy_id, 2)
    assert find(db, "caps_exceeded") == []
    send(policy_id, 3)
    assert len(find(db, "caps_exceeded")) == 1


def test_a_maximum_of_none_allows_none(db: Connection, send: Callable[..., int]):
    policy_id = add_policy(db)
    add_rule(db, policy_id, maximum=0)
    send(policy_id, 0)
    assert len(find(db, "caps_exceeded")) == 1


def test_results_are_stored_and_a_broken_promise_is_told(committed_db: Engine):
    with committed_db.begin() as conn:
        create_batch(conn)
        conn.execute(text("DELETE FROM push.run_bucket"))
    results = run_checks(committed_db, NOON)
    found = {result.name: result.offending for result in results if not result.is_clean}
    assert found == {"batch_without_mark": 1, "closed_sum": 1}
    with committed_db.connect() as conn:
        assert {r.name: r.offending for r in list_check_results(conn) if r.offending} == found
    with pytest.raises(ChecksFailed) as caught:
        require_clean(results)
    told = str(caught.value)
    assert f"2 of {len(NAMES)} checks found broken promises." in told
    assert "batch_without_mark: 1 (run " in told
    assert "What to do: pause the run" in told


def test_a_check_that_is_too_slow_fails_alone(committed_db: Engine, tmp_path: Path):
    (tmp_path / "slow.sql").write_text(
        "-- slow: too slow.\n-- params: none\n-- returns: many (key text, detail text)\n"
        "-- writes: nothing\n-- severity: warn\n"
        "SELECT 'a' AS key, pg_sleep(60)::text AS detail"
    )
    slow = Query("slow", tmp_path)
    Query.known.pop("slow")
    result = module._run_check(committed_db, slow, NOON, "50ms")
    assert result.error == "canceling statement due to statement timeout"
    assert result.breaks
    with pytest.raises(ChecksFailed, match="slow: could not be finished"):
        require_clean([result])


def test_a_check_cannot_write(committed_db: Engine, tmp_path: Path):
    (tmp_path / "bad.sql").write_text(
        "-- bad: writes.\n-- params: none\n-- returns: many (key text, detail text)\n"
        "-- writes: nothing\n-- severity: fail\n"
        "SELECT 'a' AS key, push.create_partitions('2030-01-01', '2030-01-02')::text AS detail"
    )
    bad = Query("bad", tmp_path)
    Query.known.pop("bad")
    result = module._run_check(committed_db, bad, NOON, "1s")
    assert "read-only transaction" in result.error


def test_warnings_do_not_fail(committed_db: Engine):
    # No day on which this runs has partitions there.
    now = NOON + 36_500 * DAY
    [result] = run_checks(committed_db, now, names=["partitions_missing"])
    assert result.offending == 12
    require_clean([result])


def test_a_check_without_severity_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "mute.sql").write_text(
        "-- mute: no.\n-- params: none\n-- returns: many (key text, detail text)\n"
        "-- writes: nothing\nSELECT 'a' AS key, 'b' AS detail"
    )
    monkeypatch.setenv("PUSHLINE_SQL_DIR", str(tmp_path))
    module.get_settings.cache_clear()
    try:
        with pytest.raises(BadQueryFile, match="-- severity: fail"):
            list_checks()
    finally:
        monkeypatch.undo()
        module.get_settings.cache_clear()
        Query.known.pop("checks/mute", None)
