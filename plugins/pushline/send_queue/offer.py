"""How other teams send under the same caps: offer pushes, read what became of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.kill_points import reach
from pushline.send_queue.refusal import refusals

OFFER_PUSHES = Query("send_queue/offer_pushes")
GET_OFFER_ANSWER = Query("send_queue/get_offer_answer")
LIST_OFFER_USERS = Query("send_queue/list_offer_users")


@dataclass(frozen=True, slots=True)
class Decided:
    """So many users of an offer got this decision: enqueued, a reason, or not_planned_yet."""

    decision: str
    sentence: str
    user_count: int


@dataclass(frozen=True, slots=True)
class DecidedUser:
    """What was decided for one user of an offer."""

    user_id: int
    decision: str
    sentence: str
    push_id: UUID | None
    not_before: datetime | None


def offer_pushes(
    conn: Connection,
    *,
    team: str,
    occasion_key: str,
    class_: Literal["marketing", "trigger", "transactional"],
    user_ids: Sequence[int],
    content: Mapping[str, Any],
    not_before: datetime,
    expires_at: datetime,
    at: datetime | None = None,
) -> int:
    """Offer one occasion of a team; returns its run, the same one when it is repeated.

    `content`: `{"texts": {"ru": {"title", "body", "link"?, "image_url"?}}, "title"?, "tags"?,
    "limit_mode"?}`. Raises OfferRefused with the sentence that says what to change.
    """
    reach("offer.before_call")
    with refusals():
        run_id: int = OFFER_PUSHES.scalar(
            conn,
            team=team,
            occasion_key=occasion_key,
            **{"class": class_},
            lane="marketing" if class_ == "marketing" else "trigger",
            user_ids=list(user_ids),
            content=json.dumps(content),
            not_before=not_before,
            expires_at=expires_at,
            at=at,
        )
    reach("offer.before_commit")
    return run_id


def offer_answer(conn: Connection, team: str, occasion_key: str) -> list[Decided]:
    """What became of an offer; adds up to its distinct users."""
    with refusals():
        rows = GET_OFFER_ANSWER.all(conn, team=team, occasion_key=occasion_key)
    return [Decided(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def offer_answer_users(conn: Connection, team: str, occasion_key: str) -> list[DecidedUser]:
    """What became of each decided user of an offer."""
    with refusals():
        rows = LIST_OFFER_USERS.all(conn, team=team, occasion_key=occasion_key)
    return [DecidedUser(**row._mapping) for row in rows]  # noqa: SLF001 - same
