"""Triggers: a SQL file of sql/triggers and its settings, in versions that somebody approves."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from pushline.database.sql import Query
from pushline.errors import GiveUpRow

INSERT_TRIGGER_VERSION = Query("trigger/insert_trigger_version")
GET_TRIGGER = Query("trigger/get_trigger")
SWITCH_TRIGGER = Query("trigger/switch_trigger")
LIST_ACTIVE_TRIGGERS = Query("trigger/list_active_triggers")
LIST_TRIGGERS = Query("trigger/list_triggers")

# How often plan_trigger_pushes looks; the occasion of a trigger's run is the start of its tick.
TICK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """Settings of one trigger. `texts`: {"ru": {"title": ..., "body": ...}, ...}, Liquid."""

    name: str
    title: str
    texts: Mapping[str, Mapping[str, str]]
    cool_down: timedelta
    ttl: timedelta
    utm_campaign: str
    link: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    push_class: str = "trigger"
    priority: int = 5
    limit_mode: str = "drop"
    control_share: int = 0


@dataclass(frozen=True, slots=True)
class ActiveTrigger:
    """A trigger that is on, and approved as it stands."""

    trigger_id: int
    version: int
    content_hash: str
    rule: TriggerRule


def hash_trigger(rule: TriggerRule, sql_hash: str) -> str:
    """Return the sha256 of everything that changes who gets what, the SQL included."""
    content = {
        "name": rule.name,
        "title": rule.title,
        "texts": {language: dict(texts) for language, texts in rule.texts.items()},
        "cool_down": rule.cool_down.total_seconds(),
        "ttl": rule.ttl.total_seconds(),
        "utm_campaign": rule.utm_campaign,
        "link": rule.link,
        "parameters": dict(rule.parameters),
        "class": rule.push_class,
        "priority": rule.priority,
        "limit_mode": rule.limit_mode,
        "control_share": rule.control_share,
        "sql": sql_hash,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def save_trigger(
    conn: Connection, rule: TriggerRule, sql_hash: str, by: str | Sequence[str], now: datetime
) -> tuple[int, int]:
    """Keep the settings as a new version that waits for approval; returns (trigger_id, version).

    Until somebody approves it the trigger rests. Saving what is there already changes nothing.
    """
    row = INSERT_TRIGGER_VERSION.one(
        conn,
        name=rule.name,
        title=rule.title,
        push_class=rule.push_class,
        parameters=json.dumps(dict(rule.parameters)),
        cool_down=rule.cool_down,
        ttl=rule.ttl,
        priority=rule.priority,
        limit_mode=rule.limit_mode,
        control_share=rule.control_share,
        link=rule.link,
        utm_campaign=rule.utm_campaign,
        texts=json.dumps(
            {language: dict(texts) for language, texts in rule.texts.items()}, ensure_ascii=False
        ),
        content_hash=hash_trigger(rule, sql_hash),
        editors=[by] if isinstance(by, str) else list(by),
        now=now,
    )
    return int(row.trigger_id), int(row.version)


def switch_trigger(conn: Connection, name: str, *, is_on: bool) -> bool:
    """Turn a trigger on or off; False when there is none of this name."""
    return SWITCH_TRIGGER.execute(conn, name=name, is_on=is_on) == 1


def list_triggers(conn: Connection) -> Sequence[Row[Any]]:
    """Return every trigger with its version in force and who approved that, if anybody did."""
    return LIST_TRIGGERS.all(conn)


def list_active_triggers(conn: Connection) -> list[ActiveTrigger]:
    """Return the triggers that are on and whose current version is approved."""
    return [
        ActiveTrigger(row.trigger_id, row.version, row.content_hash, _read_rule(row))
        for row in LIST_ACTIVE_TRIGGERS.all(conn)
    ]


def renew_version(
    conn: Connection, name: str, sql_hash: str, now: datetime
) -> tuple[ActiveTrigger, bool]:
    """Return a trigger as it must be approved now, and whether that made a new version.

    A SQL file that changed since the version was saved makes a new one under the same editors.
    Raises GiveUpRow when there is no such trigger.
    """
    row = GET_TRIGGER.one_or_none(conn, name=name)
    if row is None:
        raise GiveUpRow(f"There is no trigger {name!r}. `pushline trigger list` shows them.")
    rule = _read_rule(row)
    trigger_id, version = save_trigger(conn, rule, sql_hash, row.edited_by, now)
    renewed = ActiveTrigger(trigger_id, version, hash_trigger(rule, sql_hash), rule)
    return renewed, version != row.version


def _read_rule(row: Row[Any]) -> TriggerRule:
    return TriggerRule(
        name=row.name,
        title=row.title,
        texts=row.texts,
        cool_down=row.cool_down,
        ttl=row.ttl,
        utm_campaign=row.utm_campaign,
        link=row.link,
        parameters=row.parameters,
        push_class=row.push_class,
        priority=row.priority,
        limit_mode=row.limit_mode,
        control_share=row.control_share,
    )


def start_of_tick(now: datetime) -> datetime:
    """Return the start of the five minutes that hold `now`."""
    return now - (now - datetime.fromtimestamp(0, tz=now.tzinfo)) % TICK
