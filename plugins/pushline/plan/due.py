"""Which runs there are to plan: the occasions of approved briefs and the ticks of triggers."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import InterfaceError, OperationalError

from pushline.brief.occasions import (
    LOOK_BACK,
    Occasion,
    find_deadline,
    list_occasions,
    next_occasion,
)
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.kill_points import reach
from pushline.message.liquid import list_fields
from pushline.message.utm import tag_link
from pushline.model import LANGUAGES
from pushline.plan.passes import GET_SETTING
from pushline.plan.waves import retried_later
from pushline.trigger import ActiveTrigger, hash_trigger, list_active_triggers, start_of_tick

LIST_APPROVED_BRIEFS = Query("plan/list_approved_briefs")
LIST_BRIEF_TEXTS = Query("plan/list_brief_texts")
LIST_KNOWN_OCCASIONS = Query("plan/list_known_occasions")
INSERT_RUN = Query("plan/insert_run")
INSERT_RUN_TEXT = Query("plan/insert_run_text")
DELETE_OUTDATED_RUNS = Query("plan/delete_outdated_runs")
LOCK_MOVING_BRIEFS = Query("plan/lock_moving_briefs")
MOVE_BRIEFS = Query("plan/move_briefs")
SET_SOURCE_ASIDE = Query("plan/set_source_aside")

UTM_SOURCE = "pushline"
_ENDS = re.compile("COUNT|UNTIL", re.IGNORECASE)
VARIANT_NAMES = "abcdefghij"

# The hash of a SQL file as it is now, by name; raises PushlineError when there is none.
HashesSql = Callable[[str], str]
log = structlog.get_logger(__name__)


def create_due_runs(engine: Engine, now: datetime) -> int:
    """Make a run of every occasion of approved briefs that is due; returns how many are new.

    An occasion that came and went while nothing ran is kept as an expired run, so that it can be
    seen. Runs of briefs that changed before anything was decided go away first. A brief that fails
    is set aside, kept with its error (`checks` shows it), and the others go on. Raises RetryLater
    when the database was busy or went away: a repeat makes what is missing.
    """
    created = 0
    with retried_later():
        _delete_outdated_runs(engine)
        with transaction(engine) as conn:
            zone = ZoneInfo(GET_SETTING.one(conn).project_zone)
            over: list[tuple[int, int]] = []
            for brief in LIST_APPROVED_BRIEFS.all(conn):
                with _setting_aside(conn, "brief", brief.brief_id, brief.version, now):
                    created += _create_runs_of(conn, brief, zone, now)
                    if _is_over(brief, zone, now):
                        over.append((brief.brief_id, brief.version))
            move_briefs(conn, over, now)
            reach("due.before_commit")
        reach("due.after_commit")
    log.info("due_runs_created", runs=created)
    return created


def move_briefs(conn: Connection, over: Sequence[tuple[int, int]], now: datetime) -> None:
    """Let the status of briefs follow their runs; what a person does to one meanwhile stands.

    over: (brief, version) of those that repeat and have no occasion left.
    """
    ended = {
        "over_ids": [brief_id for brief_id, _ in over],
        "over_versions": [version for _, version in over],
    }
    moving = [row.brief_id for row in LOCK_MOVING_BRIEFS.all(conn, **ended)]
    if moving:
        MOVE_BRIEFS.execute(conn, brief_ids=moving, now=now, **ended)


def create_trigger_runs(engine: Engine, hash_sql: HashesSql, now: datetime) -> int:
    """Make one run per active trigger for the tick that holds `now`; returns how many are new.

    A trigger whose SQL file changed since it was approved rests until somebody approves it again.
    Raises RetryLater as `create_due_runs` does.
    """
    created = 0
    with retried_later():
        _delete_outdated_runs(engine)
        with transaction(engine) as conn:
            for active in list_active_triggers(conn):
                with _setting_aside(conn, "trigger", active.trigger_id, active.version, now):
                    if hash_trigger(active.rule, hash_sql(active.rule.name)) != active.content_hash:
                        log.warning("trigger_changed_since_approval", trigger=active.rule.name)
                        continue
                    with conn.begin_nested():
                        created += _create_trigger_run(conn, active, now)
    log.info("trigger_runs_created", runs=created)
    return created


def salt_of(source_kind: str, source_id: int) -> int:
    """Return the salt of a source's splits, a signed 64-bit number; equal for all its occasions."""
    digest = hashlib.sha256(f"{source_kind}:{source_id}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def create_brief_run(
    conn: Connection,
    brief: Row[Any],
    occasion: Occasion,
    zone: ZoneInfo,
    now: datetime,
    *,
    trial: int = 0,
) -> int | None:
    """Make the run of one occasion of a brief; None when it exists or is long gone.

    A trial (of an estimate, rolled back) may stand beside the real run of the same occasion: its
    number sets it so many microseconds before, which no decision at the real moment sees.
    """
    ttl = timedelta(hours=brief.ttl_hours)
    expires_at = find_deadline(
        occasion, ttl, zone, local_time=brief.local_time, last_day=brief.promo_end
    )
    is_missed = expires_at <= now
    if is_missed and occasion.due_at < brief.approved_at:
        return None
    texts = _fill_texts(LIST_BRIEF_TEXTS.all(conn, brief_id=brief.brief_id, version=brief.version))
    is_marketing = brief.push_class == "marketing"
    run_id: int | None = INSERT_RUN.scalar(
        conn,
        source_kind="brief",
        source_id=brief.brief_id,
        occasion=occasion.at - timedelta(microseconds=trial),
        version=brief.version,
        content_hash=brief.content_hash,
        title=f"{brief.campaign_code} {brief.title or ''}".strip(),
        status="expired" if is_missed else "waiting",
        push_class=brief.push_class,
        lane="marketing" if is_marketing else "trigger",
        tags=[*brief.tags, f"brief:{brief.brief_id}"],
        is_counted=brief.push_class != "transactional",
        priority=brief.priority,
        limit_mode=brief.limit_mode,
        local_time=occasion.local if brief.local_time else None,
        due_at=occasion.due_at,
        ttl=ttl,
        expires_at=expires_at,
        control_share=brief.control_share,
        variant_shares=brief.variant_shares or [10000],
        salt=salt_of("brief", brief.brief_id),
        max_users=brief.max_users,
        throttle=brief.throttle,
        cool_down=None,
        audience_name=brief.audience,
        audience_parameters=json.dumps(brief.audience_parameters or {}),
        exclusions=json.dumps(brief.exclude or []),
        sql_hash=brief.sql_hash,
        languages=_filled_languages(texts),
        field_names=_used_fields(*(part for pair in texts.values() for part in pair), brief.link),
        reach_low=brief.reach_low,
        reach_high=brief.reach_high,
        now=now,
    )
    if run_id is None:
        return None
    for (variant, language), (title, body) in texts.items():
        INSERT_RUN_TEXT.execute(
            conn,
            run_id=run_id,
            variant=variant,
            language=language,
            title=title,
            body=body,
            link=_tagged(brief.link, brief.utm_campaign, variant, brief.campaign_code),
            image_url=brief.image_url,
        )
    return run_id


def _delete_outdated_runs(engine: Engine) -> None:
    # Apart: runs are locked here, and nobody who holds a run waits for a brief.
    with transaction(engine) as conn:
        DELETE_OUTDATED_RUNS.all(conn)


@contextmanager
def _setting_aside(
    conn: Connection, kind: Literal["brief", "trigger"], source_id: int, version: int, now: datetime
) -> Iterator[None]:
    """Go on when one brief or trigger fails, and keep why; it takes its own writes back."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise  # the database's trouble is nobody's own
    except Exception as error:
        log.exception("source_set_aside", kind=kind, source_id=source_id, version=version)
        told = f"{type(error).__name__}: {error}"[:500]
        SET_SOURCE_ASIDE.execute(
            conn, kind=kind, source_id=source_id, version=version, error=told, now=now
        )


def list_unmade_occasions(
    conn: Connection, brief: Row[Any], zone: ZoneInfo, now: datetime
) -> list[Occasion]:
    """Return the occasions of an approved brief that came and have no run yet."""
    rows = LIST_KNOWN_OCCASIONS.all(conn, source_kind="brief", source_id=brief.brief_id)
    known = {row.occasion for row in rows}
    occasions = list_occasions(
        brief.send_at,
        brief.repeat,
        zone,
        after=now - LOOK_BACK,
        until=now,
        local_time=brief.local_time,
        last_day=brief.promo_end,
    )
    return [occasion for occasion in occasions if occasion.at not in known]


def _create_runs_of(conn: Connection, brief: Row[Any], zone: ZoneInfo, now: datetime) -> int:
    missing = list_unmade_occasions(conn, brief, zone, now)
    if not missing:
        return 0
    with conn.begin_nested():
        made = [create_brief_run(conn, brief, occasion, zone, now) for occasion in missing]
    return len(made) - made.count(None)


def _is_over(brief: Row[Any], zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether a brief that repeats has no occasion left; one without an end always has."""
    if not brief.repeat or not (brief.promo_end or _ENDS.search(brief.repeat)):
        return False
    return not next_occasion(
        brief.send_at,
        brief.repeat,
        zone,
        now,
        local_time=brief.local_time,
        last_day=brief.promo_end,
    )


def _create_trigger_run(conn: Connection, active: ActiveTrigger, now: datetime) -> int:
    rule = active.rule
    occasion = start_of_tick(now)
    tag = f"trigger:{active.trigger_id}"
    run_id = INSERT_RUN.scalar(
        conn,
        source_kind="trigger",
        source_id=active.trigger_id,
        occasion=occasion,
        version=active.version,
        content_hash=active.content_hash,
        title=rule.title,
        status="waiting",
        push_class=rule.push_class,
        lane="trigger",
        tags=[rule.name, tag],
        is_counted=rule.push_class != "transactional",
        priority=rule.priority,
        limit_mode=rule.limit_mode,
        local_time=None,
        due_at=occasion,
        ttl=rule.ttl,
        expires_at=occasion + rule.ttl,
        control_share=rule.control_share,
        variant_shares=[10000],
        salt=salt_of("trigger", active.trigger_id),
        max_users=None,
        throttle=None,
        cool_down=rule.cool_down,
        audience_name=rule.name,
        audience_parameters=json.dumps(dict(rule.parameters)),
        exclusions="[]",
        sql_hash=None,
        languages=[language for language in LANGUAGES if language in rule.texts],
        field_names=_used_fields(
            *(part for text in rule.texts.values() for part in text.values()), rule.link
        ),
        reach_low=None,
        reach_high=None,
        now=now,
    )
    if run_id is None:
        return 0
    for language, text in rule.texts.items():
        INSERT_RUN_TEXT.execute(
            conn,
            run_id=run_id,
            variant=0,
            language=language,
            title=text["title"],
            body=text["body"],
            link=_tagged(rule.link, rule.utm_campaign, 0, f"T-{active.trigger_id}"),
            image_url="",
        )
    return 1


def _fill_texts(rows: Any) -> dict[tuple[int, str], tuple[str, str]]:
    """Return texts by (variant, language); a variant without a language says what A says."""
    texts = {(row.variant, row.language): (row.title, row.body) for row in rows}
    variants = {variant for variant, _ in texts}
    languages = {language for _, language in texts}
    return {
        (variant, language): texts.get((variant, language)) or texts[0, language]
        for variant in sorted(variants)
        for language in sorted(languages)
        if (variant, language) in texts or (0, language) in texts
    }


def _filled_languages(texts: dict[tuple[int, str], tuple[str, str]]) -> list[str]:
    filled = {language for variant, language in texts if variant == 0}
    return [language for language in LANGUAGES if language in filled]


def _used_fields(*texts: str) -> list[str]:
    """Return the fields that the texts use, each once: only these leave the audience's SQL."""
    return list(dict.fromkeys(name for text in texts if text for name in list_fields(text)))


def _tagged(link: str, campaign: str, variant: int, code: str) -> str:
    if not link:
        return ""
    return tag_link(
        link,
        source=UTM_SOURCE,
        campaign=campaign,
        variant=VARIANT_NAMES[variant],
        campaign_code=code,
    )
