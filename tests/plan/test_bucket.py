"""What one planned bucket must be: allowed, complete, cut into batches, aligned with its fields."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from pushline.errors import StopRun
from pushline.plan.bucket import plan_bucket
from pushline.plan.passes import prepare_run
from tests.factories import NOON, users_of_bucket
from tests.oracle.mirror import read_decisions, save_user
from tests.oracle.model import LOCAL_TIME_PASSED, THROTTLED, Enqueued, LeftOut, Rule, User
from tests.plan.scene import BUCKET, Scene

HOUR, STEP = timedelta(hours=1), timedelta(minutes=15)
BRIEF = {"source_kind": "brief", "source_id": 77, "version": 2}
WRITE = """
    WITH written AS (
        INSERT INTO push.brief
            (brief_id, campaign_code, current_version, created_by, created_at, changed_at)
        OVERRIDING SYSTEM VALUE VALUES (77, 'C-2026-077', :version, 'bek', :at, :at)
    )
    INSERT INTO push.brief_version (brief_id, version, content, content_hash, edited_by, edited_at)
    VALUES (77, :version, '{}', :content_hash, '{bek}', :at)
"""
APPROVE = """
    INSERT INTO push.approval
        (source_kind, source_id, version, content_hash, approved_by, approved_at,
         reach_expected, reach_low, reach_high, withdrawn_at, withdrawn_by)
    VALUES (
        'brief', 77, :version, :content_hash, 'ana', :at, 0, 0, 100, :withdrawn_at, :withdrawn_by
    )
"""
RECIPIENTS = """
    INSERT INTO push.recipient (bucket, user_id, zone_id, language_id, consents, is_reachable)
    SELECT :bucket, u.user_id, 0, l.language_id, 3, true
    FROM unnest(CAST(:users AS bigint[])) AS u (user_id)
    INNER JOIN push.language AS l ON l.locale = CASE u.user_id % 2 WHEN 0 THEN 'ru' ELSE 'en' END
"""
FIELDS = "INSERT INTO push.audience_field VALUES (:run_id, :bucket, :fields)"
BATCHES = """
    SELECT b.*, (
        SELECT array_agg(f.fields[p.place] ORDER BY p.number)
        FROM push.audience_field AS f
        CROSS JOIN LATERAL unnest(b.places) WITH ORDINALITY AS p (place, number)
        WHERE f.run_id = b.run_id AND f.bucket = b.bucket
    ) AS fields
    FROM push.send_batch AS b
    WHERE b.run_id = :run_id ORDER BY b.batch_id
"""
TRACES = """
    SELECT (SELECT count(*) FROM push.send_batch WHERE run_id = :run_id)
        + (SELECT count(*) FROM push.decision_block WHERE run_id = :run_id)
        + (SELECT count(*) FROM push.run_bucket WHERE run_id = :run_id)
"""


def read_batches(conn: Connection, run_id: int) -> list[Any]:
    return list(conn.execute(text(BATCHES), {"run_id": run_id}))


def plan(conn: Connection, run_id: int, at: datetime = NOON) -> Any:
    return plan_bucket(conn, prepare_run(conn, run_id, at), BUCKET, at)


def approve(conn: Connection, **over: Any) -> None:
    row: dict[str, Any] = {"version": 2, "content_hash": "0" * 64, "at": NOON}
    row |= {"withdrawn_at": None, "withdrawn_by": None}
    row |= over
    conn.execute(text(WRITE), {name: row[name] for name in ("version", "content_hash", "at")})
    conn.execute(text(APPROVE), row)


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"status": "waiting"}, "is waiting, not being planned"),
        ({"status": "held"}, "is held, not being planned"),
        ({"status": "planned"}, "is planned, not being planned"),
        ({"status": "set_aside"}, "is set_aside, not being planned"),
        ({"status": "cancelled"}, "is cancelled, not being planned"),
        ({"status": "expired"}, "is expired, not being planned"),
        ({"occasion": NOON + timedelta(seconds=1)}, "is not due before"),
        ({"occasion": NOON - HOUR, "ttl": HOUR}, "expired at"),
        ({"snapshot_at": None}, "has no snapshot of its audience yet"),
        ({"content_hash": "1" * 64}, "belongs to no offer"),
        ({"source_id": 9002}, "belongs to no offer"),
    ],
)
def test_what_may_not_leave_is_refused_by_the_planning_transaction(
    db: Connection, over: dict[str, Any], sentence: str
):
    scene = Scene(db)
    run_id = scene.save(scene.make_run(), **over)
    with pytest.raises(StopRun, match=sentence):
        plan(db, run_id)
    assert db.execute(text(TRACES), {"run_id": run_id}).scalar_one() == 0


@pytest.mark.parametrize(
    "approval",
    [
        None,
        {"version": 1},
        {"content_hash": "1" * 64},
        {"withdrawn_at": NOON, "withdrawn_by": "ana"},
    ],
)
def test_brief_that_is_not_approved_as_it_stands_is_refused(
    db: Connection, approval: dict[str, Any] | None
):
    scene = Scene(db)
    run_id = scene.save(scene.make_run(), **BRIEF)
    if approval is not None:
        approve(db, **approval)
    with pytest.raises(StopRun, match="is not approved as it stands"):
        plan(db, run_id)
    assert db.execute(text(TRACES), {"run_id": run_id}).scalar_one() == 0


def test_approved_brief_is_planned(db: Connection):
    scene = Scene(db)
    run_id = scene.save(scene.make_run(), **BRIEF)
    approve(db)
    assert plan(db, run_id).enqueued == 1


def test_approval_withdrawn_between_buckets_stops_the_rest(db: Connection):
    scene = Scene(db)
    run_id = scene.save(scene.make_run(blocks={BUCKET: (scene.hero,), 40: (1, 2)}), **BRIEF)
    approve(db)
    prepared = prepare_run(db, run_id, NOON)
    assert plan_bucket(db, prepared, BUCKET, NOON).enqueued == 1
    db.execute(text("UPDATE push.approval SET withdrawn_at = now(), withdrawn_by = 'ana'"))
    with pytest.raises(StopRun, match="is not approved as it stands"):
        plan_bucket(db, prepared, 40, NOON)


def test_unknown_run_is_refused_with_the_way_out(db: Connection):
    with pytest.raises(StopRun, match="There is no run 404"):
        prepare_run(db, 404, NOON)


def test_every_user_of_the_bucket_is_decided_once(db: Connection):
    scene = Scene(db, 9)
    first, second, *others = scene.user_ids
    run = scene.make_run(
        blocks={BUCKET: (*others, 999_999_999)},
        excluded={BUCKET: (first,)},
        over_max={BUCKET: (second,)},
        throttle=9,
        local_time=datetime.fromisoformat("2026-11-21 13:00"),
        is_deferring=True,
    )
    run_id = scene.save(run)
    result = plan(db, run_id)
    decisions = read_decisions(db, run_id)
    assert decisions.keys() == {*scene.user_ids, 999_999_999}
    assert decisions[first] == LeftOut(1)
    assert decisions[second] == LeftOut(2)
    assert decisions[999_999_999] == LeftOut(3)
    assert (result.enqueued, result.left_out) == (7, 3)
    mark = (
        "SELECT audience_users, enqueued_users, batch_count FROM push.run_bucket WHERE run_id = :r"
    )
    assert db.execute(text(mark), {"r": run_id}).one() == (10, 7, result.batches)


def test_bucket_without_audience_is_marked_as_decided(db: Connection):
    scene = Scene(db)
    run_id = scene.save(scene.make_run())
    prepared = prepare_run(db, run_id, NOON)
    assert plan_bucket(db, prepared, 7, NOON).enqueued == 0
    assert plan_bucket(db, prepared, 7, NOON).was_decided


def test_sum_that_does_not_close_writes_nothing(db: Connection):
    """A zone that nobody marked as used: its people would fall out of every pass."""
    scene = Scene(db)
    lost = users_of_bucket(db, BUCKET, 2)[1]
    save_user(db, User(lost, zone="Asia/Tokyo"))
    save_user(db, User(users_of_bucket(db, BUCKET, 3)[2], zone="Europe/Berlin"))
    db.execute(text("UPDATE push.zone SET is_used = false WHERE name = 'Asia/Tokyo'"))
    at = {
        "local_time": datetime.fromisoformat("2026-11-21 13:00"),
        "blocks": {BUCKET: (scene.hero, lost)},
    }
    run_id = scene.save(scene.make_run(**at))
    savepoint = db.begin_nested()
    with pytest.raises(StopRun, match="2 users in the audience, but 1 enqueued and 0 left out"):
        plan(db, run_id)
    savepoint.rollback()
    assert db.execute(text(TRACES), {"run_id": run_id}).scalar_one() == 0


@pytest.fixture
def add_crowd(db: Connection) -> Callable[[int], list[int]]:
    def add(size: int) -> list[int]:
        users = users_of_bucket(db, BUCKET, size)
        db.execute(text(RECIPIENTS), {"bucket": BUCKET, "users": users})
        return users

    return add


def test_batches_hold_at_most_a_thousand_of_one_kind(
    db: Connection, add_crowd: Callable[[int], list[int]]
):
    """2,500 people, half of them English: four kinds of about 625, or two of about 1,250."""
    scene = Scene(db, 0)
    users = add_crowd(2_500)
    for shares, kinds in [((5_000, 10_000), 4), ((10_000,), 2)]:
        run = scene.make_run(
            blocks={BUCKET: tuple(users)}, variant_shares=shares, languages=("ru", "en")
        )
        run_id = scene.save(run)
        result = plan(db, run_id)
        batches = read_batches(db, run_id)
        assert sorted(user for batch in batches for user in batch.users) == sorted(users)
        assert len({(batch.variant, batch.language) for batch in batches}) == kinds
        assert all(0 < len(batch.users) == batch.user_count <= 1000 for batch in batches)
        full = sum(batch.user_count == 1000 for batch in batches)
        assert (len(batches), full) == ((4, 0) if kinds == 4 else (4, 2))
        assert result.batches == len(batches) == len({batch.batch_id for batch in batches})
        for batch in batches:
            assert {"ru" if user % 2 == 0 else "en" for user in batch.users} == {batch.language}


@pytest.mark.parametrize("is_deferring", [False, True])
def test_fields_stay_with_their_users(
    db: Connection, add_crowd: Callable[[int], list[int]], is_deferring: bool
):
    """Through cutting, variants, throttle, rejection and deferral."""
    db.execute(text("UPDATE push.setting SET batch_size = 7"))
    scene = Scene(db, 0)
    users = add_crowd(60)
    scene.user_ids = users
    scene.set_policy(Rule(1, 1, window=2 * HOUR), quiet=(time(12, 30), time(13)))
    for user in users[::3]:
        scene.user_ids = [user]
        scene.add_past(NOON - HOUR)
    run = scene.make_run(
        blocks={BUCKET: tuple(users)},
        variant_shares=(3_000, 10_000),
        languages=("ru", "en"),
        is_deferring=is_deferring,
        throttle=100,
    )
    run_id = scene.save(run, field_names=["name"])
    fields = [f'["{user}"]' for user in users]
    db.execute(text(FIELDS), {"run_id": run_id, "bucket": BUCKET, "fields": fields})
    result = plan(db, run_id)
    batches = read_batches(db, run_id)
    for batch in batches:
        assert batch.fields == [f'["{user}"]' for user in batch.users]
        assert batch.user_count <= 7
    assert result.enqueued == (60 if is_deferring else sum(b.user_count for b in batches))
    assert result.enqueued > 0
    assert is_deferring or result.left_out > 0


def test_batch_leaves_within_the_hour_and_never_after_the_run(db: Connection):
    scene = Scene(db)
    first = scene.save(scene.make_run(expires_at=NOON + 3 * HOUR))
    second = scene.save(scene.make_run(expires_at=NOON + HOUR / 2))
    for run_id in (first, second):
        plan(db, run_id)
    (early,), (late,) = read_batches(db, second), read_batches(db, first)
    assert late.leave_by == NOON + HOUR
    assert early.leave_by == early.expires_at <= NOON + HOUR / 2
    assert (early.planned_at, early.not_before) == (NOON, NOON)


def test_batch_freezes_what_it_counts_for(db: Connection):
    scene = Scene(db)
    over = {"push_class": "trigger", "tags": ("sale",), "is_counted": False}
    run_id = scene.save(scene.make_run(**over))
    plan(db, run_id)
    (batch,) = read_batches(db, run_id)
    frozen = (batch._mapping["class"], batch.lane, batch.tags, batch.is_counted)
    assert frozen == ("trigger", "trigger", ["sale"], False)


def test_throttled_run_spreads_over_quarters(db: Connection):
    """9 a minute are 135 a quarter; bucket 3 holds the 3rd, 67th, 131st, 195th and 259th user."""
    scene = Scene(db, 5)
    found = scene.plan(throttle=9)
    moments = [NOON, NOON, NOON, NOON + STEP, NOON + STEP]
    assert [found[user] for user in scene.user_ids] == [Enqueued(0, "ru", at) for at in moments]


def test_throttle_drops_whoever_comes_after_the_deadline(db: Connection):
    """5 a minute are 75 a quarter: the 3rd and 67th now, the 131st next, the 195th too late."""
    scene = Scene(db, 4)
    found = scene.plan(throttle=5, expires_at=NOON + 2 * STEP)
    expected = [*[Enqueued(0, "ru", NOON)] * 2, Enqueued(0, "ru", NOON + STEP), LeftOut(THROTTLED)]
    assert [found[user] for user in scene.user_ids] == expected


def test_reasons_are_judged_in_their_order(db: Connection):
    """One user with every fault: mending one shows the next."""
    scene = Scene(db, 0)
    user = users_of_bucket(db, BUCKET, 1)[0]
    scene.set_policy(Rule(1, 0, window=HOUR), quiet=(time(11), time(13)), gap=HOUR)
    faults: list[tuple[dict[str, Any], dict[str, Any], int]] = [
        ({}, {}, 4),
        ({"is_erased": False}, {}, 5),
        ({"consents": frozenset({"marketing"})}, {}, 6),
        ({"is_reachable": True}, {}, 7),
        ({"is_control": False}, {}, 8),
        ({}, {"languages": ("en",)}, LOCAL_TIME_PASSED),
        ({}, {"local_time": None}, 11),
    ]
    person: dict[str, Any] = {"is_erased": True, "consents": frozenset(), "weekly_limit": 0}
    person |= {"is_reachable": False, "is_control": True}
    passed = {"local_time": datetime.fromisoformat("2026-11-21 09:00"), "expires_at": NOON + HOUR}
    over: dict[str, Any] = {"languages": (), "control_share": 10_000} | passed
    for better, mended, reason in faults:
        person |= better
        over |= mended
        with db.begin_nested() as savepoint:
            save_user(db, User(user, **person))
            scene.user_ids = [user]
            scene.add_past(NOON - HOUR / 2)
            assert scene.decide(**over) == LeftOut(reason)
            savepoint.rollback()


def test_campaign_control_is_judged_last_and_takes_no_slot(db: Connection):
    scene = Scene(db)
    scene.set_policy(Rule(1, 1, window=HOUR))
    assert scene.decide(control_share=10_000) == LeftOut(16)
    assert scene.decide() == Enqueued(0, "ru", NOON)
    assert scene.decide(control_share=10_000) == LeftOut(14, 1)


def test_variants_follow_the_salt_and_split_as_told(
    db: Connection, add_crowd: Callable[[int], list[int]]
):
    scene = Scene(db, 0)
    scene.user_ids = add_crowd(400)
    run = {"variant_shares": (2_500, 10_000), "languages": ("ru",)}
    first, again = scene.plan(**run), scene.plan(**run)
    assert first == again
    count_of_a = sum(one == Enqueued(0, "ru", NOON) for one in first.values())
    assert 60 <= count_of_a <= 140
    assert scene.plan(salt=8, **run) != first


@pytest.mark.parametrize(
    ("locale", "languages", "expected"),
    [
        ("kk-kz", ("ru", "kk", "kk-kz"), "kk-kz"),
        ("kk-kz", ("ru", "kk"), "kk"),
        ("de", ("en", "ru"), "ru"),
        ("de", ("en", "kk"), "en"),
        (None, ("en", "ru"), "ru"),
    ],
)
def test_language_is_decided_when_planning(
    db: Connection, locale: str | None, languages: tuple[str, ...], expected: str
):
    scene = Scene(db, locale=locale)
    assert scene.decide(languages=languages) == Enqueued(0, expected, NOON)
