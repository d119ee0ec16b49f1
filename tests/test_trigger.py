"""Triggers: versions, four eyes, and what makes one rest."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from pushline.brief.approval import ApprovalRefused, record_approval
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.errors import PushlineError
from pushline.plan.due import create_trigger_runs
from pushline.trigger import (
    TICK,
    TriggerRule,
    hash_trigger,
    list_active_triggers,
    list_triggers,
    renew_version,
    save_trigger,
    start_of_tick,
    switch_trigger,
)
from tests.factories import NOON

SQL_HASH = "a" * 64
RULE = TriggerRule(
    name="price_drop",
    title="Now cheaper",
    texts={"ru": {"title": "Дешевле", "body": "{{ product }}"}},
    cool_down=timedelta(days=3),
    ttl=timedelta(hours=6),
    utm_campaign="price_drop",
    link="https://shop.example.kz{{ path }}",
)


def _approve(conn: Connection, rule: TriggerRule, by: str = "adam") -> None:
    trigger_id, version = save_trigger(conn, rule, SQL_HASH, "mia", NOON)
    record_approval(
        conn,
        source_kind="trigger",
        source_id=trigger_id,
        version=version,
        content_hash=hash_trigger(rule, SQL_HASH),
        by=by,
        now=NOON,
        expected_reach=0,
    )
    switch_trigger(conn, rule.name, is_on=True)


def test_saving_the_same_settings_keeps_the_version(db: Connection):
    first = save_trigger(db, RULE, SQL_HASH, "mia", NOON)
    assert save_trigger(db, RULE, SQL_HASH, "mia", NOON) == first
    changed = replace(RULE, priority=1)
    assert save_trigger(db, changed, SQL_HASH, "mia", NOON) == (first[0], first[1] + 1)


def test_trigger_fires_only_on_and_approved_by_somebody_else(db: Connection):
    trigger_id, _ = save_trigger(db, RULE, SQL_HASH, "mia", NOON)
    switch_trigger(db, RULE.name, is_on=True)
    assert list_active_triggers(db) == []
    with pytest.raises(ApprovalRefused, match="mia wrote this version"):
        _approve(db, RULE, by="mia")
    _approve(db, RULE)
    (active,) = list_active_triggers(db)
    assert (active.trigger_id, active.rule) == (trigger_id, RULE)
    switch_trigger(db, RULE.name, is_on=False)
    assert list_active_triggers(db) == []


def test_edited_trigger_rests_until_it_is_approved_again(db: Connection):
    _approve(db, RULE)
    save_trigger(db, replace(RULE, title="Cheaper now"), SQL_HASH, "mia", NOON)
    assert list_active_triggers(db) == []
    (row,) = list_triggers(db)
    assert (row.version, row.approved_by) == (2, None)


def test_changed_sql_is_approved_anew_under_the_same_editors(db: Connection):
    _approve(db, RULE)
    same, is_new = renew_version(db, RULE.name, SQL_HASH, NOON)
    assert (same.version, is_new) == (1, False)
    changed, is_new = renew_version(db, RULE.name, "b" * 64, NOON)
    assert (changed.version, changed.rule, is_new) == (2, RULE, True)
    (row,) = list_triggers(db)
    assert (row.edited_by, row.approved_by) == (["mia"], None)


def test_switching_an_unknown_trigger_says_so(db: Connection):
    assert not switch_trigger(db, "nothing", is_on=True)


def test_one_run_a_tick_and_none_when_the_sql_changed(committed_db: Engine):
    with transaction(committed_db) as conn:
        _approve(conn, RULE)
    assert create_trigger_runs(committed_db, lambda _: SQL_HASH, NOON) == 1
    assert create_trigger_runs(committed_db, lambda _: SQL_HASH, NOON + timedelta(minutes=4)) == 0
    assert create_trigger_runs(committed_db, lambda _: "b" * 64, NOON + TICK) == 0
    assert create_trigger_runs(committed_db, lambda _: SQL_HASH, NOON + TICK) == 1


def test_a_trigger_whose_file_is_gone_stops_no_other(committed_db: Engine):
    def hash_sql(name: str) -> str:
        if name == "gone":
            raise PushlineError("There is no file gone.sql.")
        return SQL_HASH

    with transaction(committed_db) as conn:
        _approve(conn, replace(RULE, name="gone"))
        _approve(conn, RULE)
    assert create_trigger_runs(committed_db, hash_sql, NOON) == 1
    with transaction(committed_db) as conn:
        [found] = Query("checks/set_aside").all(conn, now=NOON)
    assert "There is no file gone.sql." in found.detail


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - Hypothesis wants naive bounds
def test_ticks_are_five_minutes_and_hold_their_moment(now: datetime):
    start = start_of_tick(now)
    assert start <= now < start + TICK
    assert start_of_tick(start) == start
    assert start.minute % 5 == 0
