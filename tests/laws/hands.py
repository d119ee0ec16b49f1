"""Does in the product what the model was told: writes briefs and triggers, changes people."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from pushline.brief.approval import approve_brief, record_approval
from pushline.brief.content import make_content, make_notes
from pushline.brief.notes import Rules
from pushline.brief.sheet import SheetRow
from pushline.brief.versions import create_brief, save_version
from pushline.model import AudienceCard
from pushline.trigger import TriggerRule, save_trigger
from tests.laws.model import Content, Source
from tests.laws.words import AUDIENCES
from tests.oracle.model import User
from tests.people_factories import create_person

SQL_HASH = "a" * 64
CARDS = {name: AudienceCard(name, sql="SELECT 1 AS user_id") for name in AUDIENCES}
_CONTROL_GROUP = """
    INSERT INTO push.control_group (salt, share, starts_at) VALUES (1, 0, :at)
    RETURNING control_group_id
"""
_CONTROL_MEMBER = "INSERT INTO push.control_member VALUES (:user, :group, :at, NULL)"
_MOVE = "UPDATE push.person SET zone = :zone WHERE user_id = :user"
_REFRESH = "SELECT push.refresh_recipients(ARRAY[CAST(:user AS bigint)], :at)"
_BLOCK = "INSERT INTO push.audience_block VALUES (:run_id, :bucket, :users, :excluded, :over_max)"
_FROZEN = """
    UPDATE push.run SET snapshot_at = :at, audience_rows = :users, audience_users = :users
    WHERE run_id = :run_id
"""


def content_of(content: Content, zone: str) -> dict[str, Any]:
    """A brief's content as the sheet would make it."""
    row = _row_of(content)
    return make_content(row, Rules(zone=ZoneInfo(zone)), CARDS)


def write_brief(
    conn: Connection, content: Content, zone: str, by: str, now: datetime
) -> tuple[int, str]:
    """Save a brief that waits for its approval; returns (brief_id, code)."""
    brief = create_brief(
        conn,
        content=content_of(content, zone),
        notes=make_notes(_row_of(content)),
        status="audience_ready",
        by=by,
        now=now,
    )
    return brief.brief_id, brief.campaign_code


def edit_brief(
    conn: Connection, source: Source, content: Content, zone: str, now: datetime
) -> None:
    """Save another version; BriefStarted when it is pinned."""
    save_version(
        conn,
        source.name,
        content=content_of(content, zone),
        notes=make_notes(_row_of(content)),
        status="audience_ready",
        by="bek",
        now=now,
    )


def approve(conn: Connection, source: Source, band: tuple[int, int], now: datetime) -> None:
    """Ana, who writes nothing, agrees."""
    if source.kind == "brief":
        approve_brief(
            conn,
            source.name,
            by="ana",
            now=now,
            expected_reach=band[0],
            audiences=CARDS,
            band=band,
        )
        return
    row = conn.execute(
        text("SELECT content_hash FROM push.trigger_rule_version WHERE (trigger_id, version) = "
             "(:id, :version)"),
        {"id": source.source_id, "version": source.version},
    ).one()  # fmt: skip
    record_approval(
        conn,
        source_kind="trigger",
        source_id=source.source_id,
        version=source.version,
        content_hash=row.content_hash,
        by="ana",
        now=now,
        expected_reach=0,
    )


def write_trigger(conn: Connection, name: str, content: Content, now: datetime) -> int:
    """Save a trigger's settings as a version; returns trigger_id."""
    assert content.cool_down is not None
    rule = TriggerRule(
        name=name,
        title=f"Trigger {content.touch}",
        texts={language: {"title": "T", "body": "B"} for language in content.languages},
        cool_down=content.cool_down,
        ttl=content.ttl,
        utm_campaign="laws",
        parameters={"audience": content.audience},
        push_class=content.push_class,
        priority=content.priority,
        limit_mode="defer" if content.is_deferring else "drop",
        control_share=content.control_share,
    )
    return save_trigger(conn, rule, SQL_HASH, "bek", now)[0]


def settle(conn: Connection, user: User, start: datetime) -> None:
    """Somebody comes to live in the town, known since yesterday."""
    at = start - timedelta(days=1)
    create_person(
        conn,
        user_id=user.user_id,
        zone=user.zone,
        language=user.locale,
        weekly_limit=user.weekly_limit,
        consents=tuple(user.consents),
        installations=int(user.is_reachable),
        at=at,
    )
    if user.is_control:
        group = conn.execute(text(_CONTROL_GROUP), {"at": at}).scalar_one()
        row = {"user": user.user_id, "group": group, "at": at}
        conn.execute(text(_CONTROL_MEMBER), row)
        refresh(conn, user.user_id, start)


def refresh(conn: Connection, user_id: int, now: datetime) -> None:
    """Bring the recipient in step with what was written beside the people room."""
    conn.execute(text(_REFRESH), {"user": user_id, "at": now})


def move_home(conn: Connection, user: User, zone: str | None, now: datetime) -> User:
    """The company's data say that somebody moved."""
    conn.execute(text(_MOVE), {"zone": zone, "user": user.user_id})
    refresh(conn, user.user_id, now)
    return replace(user, zone=zone)


def write_snapshot(
    conn: Connection, run_id: int, parts: tuple[dict[int, tuple[int, ...]], ...], now: datetime
) -> None:
    """What the audience room leaves behind: users, excluded and over max_users by bucket."""
    buckets = sorted({bucket for part in parts for bucket in part})
    for bucket in buckets:
        users, excluded, over_max = (list(part.get(bucket, ())) for part in parts)
        row = {"users": users, "excluded": excluded, "over_max": over_max}
        conn.execute(text(_BLOCK), {"run_id": run_id, "bucket": bucket} | row)
    count = sum(len(users) for part in parts for users in part.values())
    conn.execute(text(_FROZEN), {"run_id": run_id, "at": now, "users": count})


def audience_of(conn: Connection, run_id: int) -> str:
    """The audience that a run reads."""
    row = conn.execute(
        text("SELECT source_kind, audience_name, audience_parameters AS parameters"
             " FROM push.run WHERE run_id = :run_id"),
        {"run_id": run_id},
    ).one()  # fmt: skip
    if row.source_kind == "trigger":
        parameters = row.parameters
        return (json.loads(parameters) if isinstance(parameters, str) else parameters)["audience"]
    return row.audience_name


def _row_of(content: Content) -> SheetRow:
    assert content.send_at is not None
    cells: dict[str, Any] = {
        "idea": "Laws",
        "kind": "promo" if content.push_class == "marketing" else "service",
        "send_at": content.send_at,
        "local_time": "yes" if content.is_local else None,
        "repeat": "FREQ=DAILY" if content.is_daily else None,
        "ttl_hours": str(content.ttl // timedelta(hours=1)),
        "tags": ", ".join(content.tags) or None,
        "audience": content.audience,
        "control_pct": str(content.control_share // 100),
        "priority": str(content.priority),
        "throttle": content.throttle,
        "limit_mode": "defer" if content.is_deferring else "drop",
        "link": "https://shop.example/sale",
        "utm_campaign": "laws",
    }
    for language in content.languages:
        cells[f"title_{language}"] = f"Sale {content.touch}"
        cells[f"text_{language}"] = "Come"
        if len(content.variant_shares) > 1:
            cells[f"title_b_{language}"] = "Big sale"
            cells[f"text_b_{language}"] = "Come"
    if len(content.variant_shares) > 1:
        cells["b_pct"] = str((10_000 - content.variant_shares[0]) // 100)
    return SheetRow(**{key: cell for key, cell in cells.items() if cell is not None})
