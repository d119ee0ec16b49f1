"""Plain factories of people: what a company's tables hold, and what Pushline holds."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from pushline.database.sql import Query
from tests.factories import NOON

_users = count(5_000_001)

COMPANY_TABLES = """
CREATE SCHEMA company;
CREATE TABLE company.person (
    user_id text, language text, zone text, weekly_limit text, erased text, changed_at text
);
CREATE TABLE company.consent (
    user_id text, purpose text, granted text, source text, changed_at text
);
CREATE TABLE company.installation (
    installation_id text, user_id text, provider text, address_kind text, address text,
    platform text, app_version text, is_active text, last_seen_at text, changed_at text
);
"""
_SOURCE = """-- {name}: the company's rows.
-- params: since timestamptz
-- returns: many
-- writes: nothing
SELECT * FROM company.{name}
WHERE push.parse_moment(changed_at) >= CAST(:since AS timestamptz)
    OR push.parse_moment(changed_at) IS NULL
"""


def company_sources(folder: Path) -> dict[str, Query]:
    """Source files over the schema company; its columns are text, so anything may stand there."""
    queries = {}
    for name in ("person", "consent", "installation"):
        (folder / f"{name}.sql").write_text(_SOURCE.format(name=name))
        queries[name] = Query(name, folder)
        Query.known.pop(name)
    return queries


def _insert(conn: Connection, table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    conn.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)  # noqa: S608


def _as_text(row: dict[str, Any]) -> dict[str, str | None]:
    return {key: None if value is None else str(value) for key, value in row.items()}


def create_company_person(conn: Connection, **over: Any) -> int:
    """A row of company.person; returns the user id."""
    row = {
        "user_id": next(_users),
        "language": "ru_KZ",
        "zone": "Asia/Almaty",
        "weekly_limit": None,
        "erased": "false",
        "changed_at": NOON - timedelta(days=1),
    }
    row |= over
    _insert(conn, "company.person", _as_text(row))
    return row["user_id"]


def create_company_consent(conn: Connection, user_id: Any = None, **over: Any) -> None:
    """A row of company.consent: marketing granted yesterday."""
    row = {
        "user_id": user_id,
        "purpose": "marketing",
        "granted": "true",
        "source": "app",
        "changed_at": NOON - timedelta(days=1),
    }
    _insert(conn, "company.consent", _as_text(row | over))


def create_company_installation(conn: Connection, user_id: Any = None, **over: Any) -> str:
    """A row of company.installation with an address of its own; returns the installation id."""
    serial = next(_users)
    row = {
        "installation_id": f"install-{serial}",
        "user_id": user_id,
        "provider": "fcm",
        "address_kind": "fcm_token",
        "address": f"address-{serial}",
        "platform": "android",
        "app_version": "1.0",
        "is_active": "true",
        "last_seen_at": NOON - timedelta(days=1),
        "changed_at": NOON - timedelta(days=1),
    }
    row |= over
    _insert(conn, "company.installation", _as_text(row))
    return row["installation_id"]


def create_person(
    conn: Connection,
    *,
    consents: tuple[str, ...] = ("marketing", "service"),
    installations: int = 1,
    at: datetime = NOON - timedelta(days=1),
    **over: Any,
) -> int:
    """A person known to Pushline with consents, installs and recipient row; returns user_id."""
    row: dict[str, Any] = {
        "user_id": next(_users),
        "language": "ru",
        "zone": "Asia/Almaty",
        "weekly_limit": None,
        "changed_at": at,
    }
    row |= over
    _insert(conn, "push.person", row)
    user_id = int(row["user_id"])
    for purpose in consents:
        _insert(
            conn,
            "push.consent",
            {
                "user_id": user_id,
                "purpose": purpose,
                "changed_at": at,
                "is_granted": True,
                "source": "test",
            },
        )
    for _ in range(installations):
        create_installation(conn, user_id, changed_at=at)
    conn.execute(
        text("SELECT push.refresh_recipients(ARRAY[CAST(:u AS bigint)], :at)"),
        {"u": user_id, "at": at},
    )
    return user_id


def create_installation(conn: Connection, user_id: int | None, **over: Any) -> str:
    """A live install with an address of its own; recipient is not refreshed. Returns its id."""
    serial = next(_users)
    row = {
        "installation_id": f"install-{serial}",
        "user_id": user_id,
        "provider": "fcm",
        "address_kind": "fcm_token",
        "address": f"address-{serial}",
        "platform": "android",
        "changed_at": NOON - timedelta(days=1),
    }
    row |= over
    _insert(conn, "push.installation", row)
    return str(row["installation_id"])


def recipient(conn: Connection, user_id: int) -> dict[str, Any] | None:
    """The user's recipient row, or None."""
    found = conn.execute(
        text("SELECT * FROM push.recipient WHERE user_id = :u"), {"u": user_id}
    ).mappings()
    row = found.one_or_none()
    return dict(row) if row else None
