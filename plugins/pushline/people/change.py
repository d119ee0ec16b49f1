"""Changes to what is known of one person, and to who is in the control groups.

Functions take the caller's transaction and leave push.recipient in step with what they wrote.
"""

from datetime import datetime
from typing import Literal

import structlog
from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.errors import GiveUpRow

log = structlog.get_logger(__name__)

REFRESH_RECIPIENTS = Query("people/refresh_recipients")
GET_PERSON = Query("people/get_person")
INSERT_CONSENT = Query("people/insert_consent")
SET_WEEKLY_LIMIT = Query("people/set_weekly_limit")
GET_INSTALLATION_OWNER = Query("people/get_installation_owner")
CLOSE_OTHER_INSTALLATIONS = Query("people/close_other_installations")
UPSERT_INSTALLATION = Query("people/upsert_installation")
CLOSE_INSTALLATION = Query("people/close_installation")
END_CONTROL_MEMBERS = Query("people/end_control_members")
ADD_CONTROL_MEMBERS = Query("people/add_control_members")

LOCK_BUCKET_OF_USER = Query("people/lock_bucket_of_user")
ERASE_PERSON = Query("people/erase_person")
ERASE_INSTALLATIONS = Query("people/erase_installations")
ERASE_ARRAYS = (
    Query("people/erase_audience_fields"),
    Query("people/erase_audience_users"),
    Query("people/erase_decisions"),
)
ERASE_BATCH_USERS = Query("people/erase_batch_users")
ERASE_ROWS = (Query("people/erase_events"), Query("people/erase_control_member"))
INSERT_ERASURE_AUDIT = Query("people/insert_erasure_audit")


def _refuse_erased(conn: Connection, user_id: int) -> None:
    person = GET_PERSON.one_or_none(conn, user_id=user_id)
    if person is not None and person.is_erased:
        raise GiveUpRow("This person asked to be erased; nothing new is kept about them.")


def _refresh(conn: Connection, user_ids: set[int | None], now: datetime) -> int:
    users = sorted(user_id for user_id in user_ids if user_id is not None)
    if not users:
        return 0
    return int(REFRESH_RECIPIENTS.scalar(conn, user_ids=users, now=now))


def set_consent(
    conn: Connection,
    *,
    user_id: int,
    purpose: Literal["marketing", "service"],
    is_granted: bool,
    source: str,
    now: datetime,
) -> bool:
    """Write down a consent given or withdrawn; False when it was in force already.

    Of two calls the later one wins. Raises GiveUpRow for an unknown purpose or an erased person.
    """
    if purpose not in ("marketing", "service"):
        raise GiveUpRow(f"{purpose!r} is no purpose; write marketing or service.")
    if user_id <= 0:
        raise GiveUpRow("user_id must be above 0.")
    _refuse_erased(conn, user_id)
    written = INSERT_CONSENT.one_or_none(
        conn, user_id=user_id, purpose=purpose, is_granted=is_granted, source=source, now=now
    )
    if written is None:
        return False
    _refresh(conn, {user_id}, max(now, written.changed_at))
    return True


def set_weekly_limit(
    conn: Connection, *, user_id: int, weekly_limit: int | None, now: datetime
) -> None:
    """Set how many pushes in 7 days a user wants at most; None takes the limit away.

    Raises GiveUpRow for a limit below 0 or above 9999, and for a user whom we do not know.
    """
    if weekly_limit is not None and not 0 <= weekly_limit <= 9999:
        raise GiveUpRow("The weekly limit must be between 0 and 9999, or empty for none.")
    _refuse_erased(conn, user_id)
    if not SET_WEEKLY_LIMIT.execute(conn, user_id=user_id, weekly_limit=weekly_limit, now=now):
        raise GiveUpRow("This user is not known yet; the next sync of people brings new ones.")
    _refresh(conn, {user_id}, now)


def move_installation(
    conn: Connection,
    *,
    installation_id: str,
    user_id: int | None,
    provider: str,
    address_kind: str,
    address: str,
    platform: str,
    app_version: str | None,
    now: datetime,
) -> None:
    """Write down who is logged in on an install (None: nobody) and the address it reports.

    Log-in, log-out and a replaced address are this one call. An address that another install held
    moves here: the last to report it has it. Raises GiveUpRow without id or address, and when the
    person or the install was erased.
    """
    if not installation_id or not address:
        raise GiveUpRow("An installation needs its id and its push address.")
    if user_id is not None:
        _refuse_erased(conn, user_id)
    before = GET_INSTALLATION_OWNER.one_or_none(conn, installation_id=installation_id)
    others = CLOSE_OTHER_INSTALLATIONS.all(
        conn,
        installation_id=installation_id,
        address_kind=address_kind,
        address=address,
        now=now,
    )
    UPSERT_INSTALLATION.execute(
        conn,
        installation_id=installation_id,
        user_id=user_id,
        provider=provider,
        address_kind=address_kind,
        address=address,
        platform=platform,
        app_version=app_version,
        now=now,
    )
    touched = {user_id, before.user_id if before else None, *(row.user_id for row in others)}
    _refresh(conn, touched, now)


def close_installation(
    conn: Connection, *, installation_id: str, reason: str, now: datetime
) -> bool:
    """Send no more to an install; False when it was closed before.

    With the reason `unregistered` the same address stays closed when the company's data name it
    again.
    """
    closed = CLOSE_INSTALLATION.all(conn, installation_id=installation_id, reason=reason, now=now)
    _refresh(conn, {row.user_id for row in closed}, now)
    return bool(closed)


def erase_person(conn: Connection, *, user_id: int, who: str, now: datetime) -> None:
    """Forget a person: a tombstone stays, addresses, fields and ids go, all counts stay.

    Takes the bucket's lock. Ids in arrays become 0 in place, so that positions keep their meaning:
    takers treat a position with user 0 as withheld. A push that is on its way cannot be called
    back. Erasing twice does nothing more.
    """
    bucket = LOCK_BUCKET_OF_USER.scalar(conn, user_id=user_id)
    ERASE_PERSON.execute(conn, user_id=user_id, now=now)
    ERASE_INSTALLATIONS.execute(conn, user_id=user_id, now=now)
    for statement in ERASE_ARRAYS:
        statement.execute(conn, user_id=user_id, bucket=bucket)
    batches = ERASE_BATCH_USERS.execute(conn, user_id=user_id, bucket=bucket)
    for statement in ERASE_ROWS:
        statement.execute(conn, user_id=user_id)
    _refresh(conn, {user_id}, now)
    INSERT_ERASURE_AUDIT.execute(conn, who=who, batches=batches, now=now)
    log.info("person_erased", bucket=bucket, batches=batches)


def refresh_control_group(conn: Connection, now: datetime) -> int:
    """Bring the membership of the global control groups up to date; how many users changed.

    Who is in follows from the group's salt and share alone. Rows keep their dates: an ended
    membership stays, for the comparison afterwards.
    """
    ended = END_CONTROL_MEMBERS.all(conn, now=now)
    added = ADD_CONTROL_MEMBERS.all(conn, now=now)
    users = {row.user_id for row in ended} | {row.user_id for row in added}
    return _refresh(conn, users, now)
