"""Single changes: each leaves the recipient row in step."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.database.sql import Query
from pushline.errors import GiveUpRow
from pushline.people import (
    close_installation,
    erase_person,
    move_installation,
    refresh_control_group,
    set_consent,
    set_weekly_limit,
)
from tests.factories import NOON, bucket_of, create_batch, create_run
from tests.oracle.draw import share_of
from tests.people_factories import create_installation, create_person, recipient

DRIFT = Query("checks/recipient_drift")
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_drift(request: pytest.FixtureRequest) -> Iterator[None]:
    names = request.fixturenames
    conn = request.getfixturevalue("db") if "db" in names and "damage" not in names else None
    yield
    if conn is not None:
        assert DRIFT.all(conn, now=LATER + timedelta(days=9)) == []


def report(conn: Connection, installation_id: str, user_id: int | None, address: str) -> None:
    move_installation(
        conn,
        installation_id=installation_id,
        user_id=user_id,
        provider="fcm",
        address_kind="fcm_token",
        address=address,
        platform="android",
        app_version="2.0",
        now=NOON,
    )


def test_withdrawn_consent_is_known_at_once(db: Connection):
    user = create_person(db)
    assert set_consent(
        db, user_id=user, purpose="marketing", is_granted=False, source="app", now=NOON
    )
    assert recipient(db, user)["consents"] == 2
    assert not set_consent(
        db, user_id=user, purpose="marketing", is_granted=False, source="app", now=LATER
    )


def test_later_call_wins_whatever_the_clock_says(db: Connection):
    user = create_person(db, at=LATER)
    set_consent(db, user_id=user, purpose="service", is_granted=False, source="app", now=NOON)
    assert recipient(db, user)["consents"] == 1
    set_consent(db, user_id=user, purpose="service", is_granted=True, source="app", now=NOON)
    assert recipient(db, user)["consents"] == 3


def test_consent_before_the_person_counts_when_the_person_comes(db: Connection):
    set_consent(db, user_id=77, purpose="marketing", is_granted=True, source="app", now=NOON)
    assert recipient(db, 77) is None
    create_person(db, user_id=77, consents=(), at=LATER)
    assert recipient(db, 77)["consents"] == 1


@pytest.mark.parametrize(("user_id", "purpose"), [(0, "marketing"), (5, "profiling")])
def test_impossible_consent_is_refused(db: Connection, user_id: int, purpose: str):
    with pytest.raises(GiveUpRow):
        set_consent(
            db,
            user_id=user_id,
            purpose=purpose,  # type: ignore[arg-type]
            is_granted=True,
            source="app",
            now=NOON,
        )


def test_weekly_limit(db: Connection):
    user = create_person(db)
    set_weekly_limit(db, user_id=user, weekly_limit=2, now=NOON)
    assert recipient(db, user)["weekly_limit"] == 2
    set_weekly_limit(db, user_id=user, weekly_limit=None, now=NOON)
    assert recipient(db, user)["weekly_limit"] is None
    with pytest.raises(GiveUpRow, match="between 0 and 9999"):
        set_weekly_limit(db, user_id=user, weekly_limit=-1, now=NOON)
    with pytest.raises(GiveUpRow, match="not known yet"):
        set_weekly_limit(db, user_id=123, weekly_limit=1, now=NOON)


def test_log_in_and_log_out(db: Connection):
    ann, bo = create_person(db, installations=0), create_person(db, installations=0)
    report(db, "phone", ann, "a1")
    assert recipient(db, ann)["is_reachable"]
    report(db, "phone", bo, "a1")
    assert (recipient(db, ann)["is_reachable"], recipient(db, bo)["is_reachable"]) == (False, True)
    report(db, "phone", None, "a1")
    assert not recipient(db, bo)["is_reachable"]


def test_address_has_one_live_owner(db: Connection):
    ann, bo = create_person(db, installations=0), create_person(db, installations=0)
    report(db, "old-phone", ann, "same")
    report(db, "new-phone", bo, "same")
    assert (recipient(db, ann)["is_reachable"], recipient(db, bo)["is_reachable"]) == (False, True)
    live = db.execute(
        text("SELECT installation_id FROM push.installation WHERE address = 'same' AND is_active")
    )
    assert live.scalars().all() == ["new-phone"]


def test_replaced_address_opens_a_closed_install(db: Connection):
    ann = create_person(db, installations=0)
    report(db, "phone", ann, "a1")
    assert close_installation(db, installation_id="phone", reason="unregistered", now=NOON)
    assert not recipient(db, ann)["is_reachable"]
    assert not close_installation(db, installation_id="phone", reason="unregistered", now=NOON)
    report(db, "phone", ann, "a2")
    assert recipient(db, ann)["is_reachable"]


def test_erased_person_leaves_nothing_but_a_tombstone(db: Connection):
    user = create_person(db)
    bucket = bucket_of(db, user)
    run_id = create_run(db, audience=[user])
    batch_id = create_batch(db, run_id, users=[user], fields=['["Ann"]'])
    db.execute(
        text(
            "INSERT INTO push.decision_block (run_id, bucket, reason, user_count, users) "
            "VALUES (:r, :b, 14, 1, ARRAY[:u])"
        ),
        {"r": run_id, "b": bucket, "u": user},
    )
    erase_person(db, user_id=user, who="tests", now=NOON)
    row = recipient(db, user)
    assert (row["is_erased"], row["is_reachable"]) == (True, False)
    arrays = db.execute(
        text(
            "SELECT b.users, a.users, f.fields, d.users, b.user_count "
            "FROM push.send_batch b JOIN push.audience_block a USING (run_id, bucket) "
            "JOIN push.audience_field f USING (run_id, bucket) "
            "JOIN push.decision_block d USING (run_id, bucket) WHERE b.batch_id = :id"
        ),
        {"id": batch_id},
    ).one()
    assert tuple(arrays) == ([0], [0], ["[]"], [0], 1)
    left = db.execute(text("SELECT user_id, address, is_active FROM push.installation")).all()
    assert all(tuple(row) == (None, "", False) for row in left)
    audit = db.execute(text("SELECT who, what, detail FROM push.audit_log")).one()
    assert (audit.who, audit.what) == ("tests", "erase_person")
    assert str(user) not in str(audit.detail)


def test_erasing_keeps_the_others_in_their_places(db: Connection):
    run_id = create_run(db)
    batch_id = create_batch(db, run_id, bucket=3, fields=["[1]", "[2]", "[3]"])
    users = db.execute(
        text("SELECT users FROM push.send_batch WHERE batch_id = :id"), {"id": batch_id}
    ).scalar_one()
    erase_person(db, user_id=users[1], who="tests", now=NOON)
    row = db.execute(
        text(
            "SELECT b.users, f.fields "
            "FROM push.send_batch b JOIN push.audience_field f USING (run_id, bucket)"
        )
    ).one()
    assert tuple(row) == ([users[0], 0, users[2]], ["[1]", "[]", "[3]"])


def test_nothing_new_is_kept_about_an_erased_person(db: Connection):
    user = create_person(db)
    erase_person(db, user_id=user, who="tests", now=NOON)
    for change in (
        lambda: set_consent(
            db, user_id=user, purpose="service", is_granted=True, source="app", now=LATER
        ),
        lambda: set_weekly_limit(db, user_id=user, weekly_limit=1, now=LATER),
        lambda: report(db, "phone", user, "a9"),
    ):
        with pytest.raises(GiveUpRow, match="asked to be erased"):
            change()


def test_control_group_follows_the_hash_and_keeps_its_dates(db: Connection):
    users = [create_person(db) for _ in range(60)]
    group = db.execute(
        text(
            "INSERT INTO push.control_group (salt, share, starts_at) "
            "VALUES (11, 2500, :at) RETURNING control_group_id"
        ),
        {"at": NOON},
    ).scalar_one()
    assert refresh_control_group(db, NOON - timedelta(days=1)) == 0
    refresh_control_group(db, NOON)
    wanted = {user for user in users if share_of(user, 11) < 2500}
    assert {user for user in users if recipient(db, user)["is_control"]} == wanted
    assert 0 < len(wanted) < 60
    assert refresh_control_group(db, NOON + timedelta(minutes=1)) == 0
    db.execute(
        text("UPDATE push.control_group SET ends_at = :at WHERE control_group_id = :g"),
        {"at": LATER, "g": group},
    )
    assert refresh_control_group(db, LATER) == len(wanted)
    assert not any(recipient(db, user)["is_control"] for user in users)
    dates = db.execute(text("SELECT DISTINCT member_since, member_until FROM push.control_member"))
    assert [tuple(row) for row in dates] == [(NOON, LATER)]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE push.recipient SET consents = 0", "consents is 0, should be 3"),
        ("UPDATE push.recipient SET zone_id = 0", "zone_id is 0"),
        ("UPDATE push.recipient SET weekly_limit = 9", "weekly_limit is 9, should be "),
        ("UPDATE push.recipient SET is_control = true", "is_control should be f"),
        ("DELETE FROM push.recipient", "a person without a recipient row"),
        ("DELETE FROM push.person", "a recipient row without a person"),
        ("UPDATE push.installation SET is_active = false", "is_reachable should be f"),
        (
            "INSERT INTO push.consent SELECT user_id, 'service', '2026-11-21 08:00Z', false, 'x' "
            "FROM push.person",
            "consents is 3, should be 1",
        ),
    ],
)
def test_drift_is_found(db: Connection, damage: str, words: str):
    user = create_person(db)
    assert DRIFT.all(db, now=LATER) == []
    db.execute(text(damage))
    found = DRIFT.all(db, now=LATER + timedelta(hours=1))
    assert [row.key for row in found] == [str(user)]
    assert words in found[0].detail


def test_refresh_writes_only_what_changed(db: Connection):
    user = create_person(db)
    refresh = text("SELECT push.refresh_recipients(ARRAY[CAST(:u AS bigint)], :at)")
    assert db.execute(refresh, {"u": user, "at": NOON}).scalar_one() == 0
    create_installation(db, user)
    assert db.execute(refresh, {"u": user, "at": NOON}).scalar_one() == 0


def test_two_changes_of_one_user_at_once_are_both_seen(committed_db: Engine):
    with committed_db.begin() as conn:
        user = create_person(conn, installations=0, consents=())
    has_started = threading.Event()

    def give_consent() -> None:
        with committed_db.begin() as conn:
            conn.execute(text("SELECT 1"))
            has_started.set()
            set_consent(
                conn, user_id=user, purpose="service", is_granted=True, source="x", now=NOON
            )

    with committed_db.begin() as conn:
        report(conn, "phone", user, "a1")
        other = threading.Thread(target=give_consent)
        other.start()
        has_started.wait()
    other.join()
    with committed_db.connect() as conn:
        row = recipient(conn, user)
        assert (row["consents"], row["is_reachable"]) == (2, True)
        assert DRIFT.all(conn, now=LATER) == []
