"""The door of sql/sources/: its shapes, and that `since` takes only what changed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from pushline.database.sql import Query

SOURCES = {
    "sources/person": (
        "shop.customer",
        "user_id bigint, language text, zone text, weekly_limit smallint, erased boolean, "
        "changed_at timestamptz",
    ),
    "sources/installation": (
        "shop.installation",
        "installation_id text, user_id bigint, provider text, address_kind text, address text, "
        "platform text, app_version text, is_active boolean, last_seen_at timestamptz, "
        "changed_at timestamptz",
    ),
    "sources/consent": (
        "shop.consent_change",
        "user_id bigint, purpose text, granted boolean, source text, changed_at timestamptz",
    ),
}
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", SOURCES)
def test_source_has_the_promised_shape(shop: Connection, name: str):
    promised = dict(part.split(" ") for part in SOURCES[name][1].split(", "))
    query = Query(name)
    assert dict(query.header.columns) == promised
    result = query.run(shop, since=EVER)
    found = {
        column.name: shop.scalar(text("SELECT format_type(:oid, NULL)"), {"oid": column.type_code})
        for column in result.cursor.description
    }
    assert {
        column: kind.replace("timestamp with time zone", "timestamptz")
        for column, kind in found.items()
    } == promised


@pytest.mark.parametrize("name", SOURCES)
def test_source_reads_everything_once_and_then_only_changes(
    shop: Connection, now: datetime, name: str
):
    table = SOURCES[name][0]
    everything = Query(name).all(shop, since=EVER)
    yesterday = now - timedelta(days=1)
    recent = Query(name).all(shop, since=yesterday)
    assert len(everything) == shop.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
    assert set(recent) == {row for row in everything if row.changed_at > yesterday}
    assert 0 < len(recent) < len(everything)
    assert Query(name).all(shop, since=now) == []


def test_person_tells_erasure_and_own_limit(shop: Connection):
    people = Query("sources/person").all(shop, since=EVER)
    assert 5 < sum(person.erased for person in people) < 60
    assert {person.weekly_limit for person in people} == {None, 0, 1, 2}


def test_installation_without_an_owner_has_no_user(shop: Connection):
    installs = Query("sources/installation").all(shop, since=EVER)
    assert sum(install.user_id is None for install in installs) > 500
    assert {install.is_active for install in installs} == {True, False}
