"""Taking over the company's people: incremental, nothing lost, bad rows aside."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.database.sql import Query
from pushline.errors import StopRun
from pushline.people import Synced, close_installation, set_weekly_limit, sync_people
from pushline.settings import Role
from tests.factories import NOON
from tests.people_factories import (
    COMPANY_TABLES,
    company_sources,
    create_company_consent,
    create_company_installation,
    create_company_person,
    recipient,
)

Sync = Callable[..., Synced]
DRIFT = Query("checks/recipient_drift")


@pytest.fixture
def company(committed_db: Engine) -> Engine:
    with committed_db.begin() as conn:
        conn.execute(text(COMPANY_TABLES))
    return committed_db


@pytest.fixture
def sync(company: Engine, as_role: Callable[[Role], Engine], tmp_path: Path) -> Sync:
    """Sync as the planner, whose rights must do."""
    sources = company_sources(tmp_path)
    planner = as_role("planner")

    def run(now: Any = NOON, **over: Any) -> Synced:
        synced = sync_people(company, planner, now, sources=sources, **over)
        with company.connect() as conn:
            assert DRIFT.all(conn, now=now) == []
        return synced

    return run


def quarantine(conn: Connection, *, is_open: bool = True) -> set[tuple[str, str, str]]:
    rows = conn.execute(
        text(
            "SELECT source, row_key, reason FROM push.quarantine "
            "WHERE (solved_at IS NULL) = :is_open"
        ),
        {"is_open": is_open},
    )
    return {tuple(row) for row in rows}


def test_person_becomes_a_recipient(company: Engine, sync: Sync):
    with company.begin() as conn:
        user = create_company_person(conn, weekly_limit=3)
        create_company_consent(conn, user)
        create_company_installation(conn, user)
    sync()
    with company.connect() as conn:
        row = recipient(conn, user)
        zone = conn.execute(text("SELECT zone_id FROM push.zone WHERE name = 'Asia/Almaty'"))
        language = conn.execute(
            text("SELECT language_id FROM push.language WHERE locale = 'ru-kz'")
        )
        assert row == {
            "bucket": row["bucket"],
            "zone_id": zone.scalar_one(),
            "language_id": language.scalar_one(),
            "consents": 1,
            "weekly_limit": 3,
            "user_id": user,
            "is_reachable": True,
            "is_control": False,
            "is_erased": False,
        }


def test_zone_that_is_none_is_the_projects(company: Engine, sync: Sync):
    zones = [None, "", "Mars/Olympus", "asia/almaty;", "project"]
    with company.begin() as conn:
        users = [create_company_person(conn, zone=zone) for zone in zones]
    sync()
    with company.connect() as conn:
        assert [recipient(conn, user)["zone_id"] for user in users] == [0] * len(zones)


def test_locale_in_one_spelling(company: Engine, sync: Sync):
    locales = {
        "KK": "kk",
        "en_US.UTF-8": "en-us",
        "uz-Latn-UZ": "uz-latn-uz",
        "русский": None,
        None: None,
        "1": None,
    }
    with company.begin() as conn:
        users = {written: create_company_person(conn, language=written) for written in locales}
    sync()
    with company.connect() as conn:
        languages = conn.execute(text("SELECT language_id, locale FROM push.language"))
        known = {row.language_id: row.locale for row in languages}
        found = {
            written: known.get(recipient(conn, user)["language_id"])
            for written, user in users.items()
        }
    assert found == locales


def test_latest_consent_is_in_force(company: Engine, sync: Sync):
    with company.begin() as conn:
        user = create_company_person(conn)
        create_company_consent(conn, user, changed_at=NOON - timedelta(days=3))
        create_company_consent(conn, user, granted="false", changed_at=NOON - timedelta(days=2))
        create_company_consent(conn, user, purpose="service")
    sync()
    with company.connect() as conn:
        assert recipient(conn, user)["consents"] == 2


def test_only_what_changed_is_read_again(company: Engine, sync: Sync):
    with company.begin() as conn:
        for _ in range(3):
            create_company_person(conn)
    assert sync().recipients == 3
    later = NOON + timedelta(hours=6)
    with company.begin() as conn:
        user = create_company_person(conn, changed_at=NOON + timedelta(hours=1))
    synced = sync(later)
    assert synced.rows["person"] == 1
    assert synced.recipients == 1
    with company.connect() as conn:
        assert recipient(conn, user) is not None
    again = sync(later + timedelta(minutes=1))
    assert again.recipients == 0
    full = sync(later + timedelta(hours=1), is_full=True)
    assert full.rows["person"] == 4
    assert full.recipients == 0


def test_row_that_became_visible_late_is_not_lost(company: Engine, sync: Sync):
    sync()
    with company.begin() as conn:
        user = create_company_person(conn, changed_at=NOON - timedelta(minutes=5))
    sync(NOON + timedelta(minutes=5))
    with company.connect() as conn:
        assert recipient(conn, user) is not None


BAD_PEOPLE: list[tuple[dict[str, Any], str]] = [
    ({"user_id": None}, "user_id is missing"),
    ({"user_id": "somebody@example.com"}, "user_id is not a whole number"),
    ({"user_id": "-4"}, "user_id is not positive"),
    ({"user_id": "99999999999999999999"}, "user_id is not a whole number"),
    ({"weekly_limit": "-1"}, "weekly_limit is below 0"),
    ({"weekly_limit": "many"}, "weekly_limit is not a whole number below 10000"),
    ({"erased": "maybe"}, "erased is neither true nor false"),
    ({"changed_at": None}, "changed_at is missing or no timestamp"),
    ({"changed_at": "2026-02-30 10:00:00+00"}, "changed_at is missing or no timestamp"),
    ({"changed_at": "2027-01-01 10:00:00+00"}, "changed_at is in the future"),
]
BAD_CONSENTS: list[tuple[dict[str, Any], str]] = [
    ({"purpose": "profiling"}, "purpose is neither marketing nor service"),
    ({"granted": None}, "granted is neither true nor false"),
    ({"changed_at": "yesterday noon"}, "changed_at is missing or no timestamp"),
    ({"user_id": "0"}, "user_id is not positive"),
]
BAD_INSTALLATIONS: list[tuple[dict[str, Any], str]] = [
    ({"address": " "}, "address is empty"),
    ({"installation_id": None}, "installation_id is missing"),
    ({"user_id": "0"}, "user_id is not positive"),
    ({"last_seen_at": "long ago"}, "last_seen_at is no timestamp"),
    ({"platform": None}, "platform is missing"),
]


def test_bad_rows_are_set_aside_and_the_others_go_on(company: Engine, sync: Sync):
    with company.begin() as conn:
        good = create_company_person(conn)
        create_company_consent(conn, good, purpose="service")
        for over, _ in BAD_PEOPLE:
            create_company_person(conn, **over)
        for over, _ in BAD_CONSENTS:
            create_company_consent(conn, **({"user_id": good} | over))
        for over, _ in BAD_INSTALLATIONS:
            create_company_installation(conn, **({"user_id": good} | over))
    synced = sync()
    assert synced.quarantined == {
        "person": len(BAD_PEOPLE),
        "consent": len(BAD_CONSENTS),
        "installation": len(BAD_INSTALLATIONS),
    }
    with company.connect() as conn:
        found = quarantine(conn)
        row = recipient(conn, good)
    assert sorted((source, reason) for source, _, reason in found) == sorted(
        [("person", reason) for _, reason in BAD_PEOPLE]
        + [("consent", reason) for _, reason in BAD_CONSENTS]
        + [("installation", reason) for _, reason in BAD_INSTALLATIONS]
    )
    assert "example.com" not in str(found)
    assert (row["consents"], row["is_reachable"]) == (2, False)


def test_row_that_was_mended_leaves_quarantine(company: Engine, sync: Sync):
    with company.begin() as conn:
        user = create_company_person(conn, weekly_limit=-2)
    sync()
    with company.begin() as conn:
        assert len(quarantine(conn)) == 1
        conn.execute(
            text("UPDATE company.person SET weekly_limit = '2', changed_at = :at"),
            {"at": str(NOON + timedelta(minutes=1))},
        )
    sync(NOON + timedelta(minutes=2))
    with company.connect() as conn:
        assert quarantine(conn) == set()
        assert len(quarantine(conn, is_open=False)) == 1
        assert recipient(conn, user)["weekly_limit"] == 2


def test_quarantined_row_is_written_down_once(company: Engine, sync: Sync):
    with company.begin() as conn:
        create_company_person(conn, user_id=None)
    sync()
    sync(NOON + timedelta(minutes=1))
    with company.connect() as conn:
        assert len(quarantine(conn)) == 1
    with company.begin() as conn:
        conn.execute(text("DELETE FROM company.person"))
    sync(NOON + timedelta(minutes=2), is_full=True)
    with company.connect() as conn:
        assert quarantine(conn) == set()


def test_address_stays_with_the_install_seen_last(company: Engine, sync: Sync):
    with company.begin() as conn:
        old, new = create_company_person(conn), create_company_person(conn)
        create_company_installation(
            conn, old, address="same", last_seen_at=NOON - timedelta(days=9)
        )
        create_company_installation(conn, new, address="same")
    sync()
    with company.connect() as conn:
        assert recipient(conn, old)["is_reachable"] is False
        assert recipient(conn, new)["is_reachable"] is True
        assert [why for _, _, why in quarantine(conn)] == [
            "address belongs to an install that was seen later"
        ]
        closed = conn.execute(
            text("SELECT closed_reason FROM push.installation WHERE NOT is_active")
        )
        assert closed.scalars().all() == ["address_moved"]


def test_address_moves_to_another_user_later(company: Engine, sync: Sync):
    with company.begin() as conn:
        old, new = create_company_person(conn), create_company_person(conn)
        create_company_installation(conn, old, address="same")
    sync()
    with company.begin() as conn:
        later = NOON + timedelta(minutes=5)
        create_company_installation(conn, new, address="same", last_seen_at=later, changed_at=later)
    sync(NOON + timedelta(minutes=6))
    with company.connect() as conn:
        assert recipient(conn, old)["is_reachable"] is False
        assert recipient(conn, new)["is_reachable"] is True


def test_install_that_logs_out_leaves_its_user(company: Engine, sync: Sync):
    with company.begin() as conn:
        user = create_company_person(conn)
        create_company_installation(conn, user)
    sync()
    with company.begin() as conn:
        conn.execute(
            text("UPDATE company.installation SET user_id = NULL, changed_at = :at"),
            {"at": str(NOON + timedelta(minutes=1))},
        )
    sync(NOON + timedelta(minutes=2))
    with company.connect() as conn:
        assert recipient(conn, user)["is_reachable"] is False


def test_dead_address_stays_closed_until_another_comes(company: Engine, sync: Sync):
    with company.begin() as conn:
        user = create_company_person(conn)
        install = create_company_installation(conn, user)
    sync()
    with company.begin() as conn:
        close_installation(
            conn, installation_id=install, reason="unregistered", now=NOON + timedelta(minutes=1)
        )
        conn.execute(
            text("UPDATE company.installation SET changed_at = :at"),
            {"at": str(NOON + timedelta(minutes=2))},
        )
    sync(NOON + timedelta(minutes=3))
    with company.begin() as conn:
        assert recipient(conn, user)["is_reachable"] is False
        conn.execute(
            text("UPDATE company.installation SET address = 'fresh', changed_at = :at"),
            {"at": str(NOON + timedelta(minutes=4))},
        )
    sync(NOON + timedelta(minutes=5))
    with company.connect() as conn:
        assert recipient(conn, user)["is_reachable"] is True


def test_older_row_of_the_company_does_not_undo_a_change(company: Engine, sync: Sync):
    with company.begin() as conn:
        user = create_company_person(conn)
    sync()
    with company.begin() as conn:
        set_weekly_limit(conn, user_id=user, weekly_limit=1, now=NOON)
    sync(NOON + timedelta(minutes=1), is_full=True)
    with company.connect() as conn:
        assert recipient(conn, user)["weekly_limit"] == 1


def test_person_whom_the_company_erased_does_not_come_back(company: Engine, sync: Sync):
    with company.begin() as conn:
        user = create_company_person(conn)
        create_company_installation(conn, user)
        create_company_consent(conn, user)
    sync()
    with company.begin() as conn:
        conn.execute(
            text("UPDATE company.person SET erased = 'true', changed_at = :at"),
            {"at": str(NOON + timedelta(minutes=1))},
        )
    assert sync(NOON + timedelta(minutes=2)).erased == 1
    with company.begin() as conn:
        conn.execute(text("UPDATE company.person SET erased = 'false'"))
    assert sync(NOON + timedelta(minutes=3), is_full=True).erased == 0
    with company.connect() as conn:
        row = recipient(conn, user)
        assert row["is_erased"] is True
        assert row["is_reachable"] is False
        address = conn.execute(text("SELECT address FROM push.installation")).scalars().all()
        assert address == [""]


def test_source_with_wrong_columns_is_refused(company: Engine, tmp_path: Path):
    sources = company_sources(tmp_path)
    with company.begin() as conn:
        conn.execute(text("ALTER TABLE company.person RENAME language TO locale"))
    with pytest.raises(StopRun, match=r"sources/person\.sql has the unknown locale; it may return"):
        sync_people(company, company, NOON, sources=sources)
    with company.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM push.sync_state")).scalar_one() == 0


def test_new_people_join_the_control_group(company: Engine, sync: Sync):
    with company.begin() as conn:
        conn.execute(
            text("INSERT INTO push.control_group (salt, share, starts_at) VALUES (5, 10000, :at)"),
            {"at": NOON},
        )
        user = create_company_person(conn)
    sync()
    with company.connect() as conn:
        assert recipient(conn, user)["is_control"] is True
