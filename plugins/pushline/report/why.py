"""Why a user got a push, or did not: every decision about one person in words, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from pushline.database.sql import Query
from pushline.report.sentences import WHY, explain_reason
from pushline.sentence import Sentence

GET_USER = Query("report/get_user")
LIST_USER_CONSENTS = Query("report/list_user_consents")
LIST_USER_DECISIONS = Query("report/list_user_decisions")
LIST_SLOT_TAKERS = Query("report/list_slot_takers")

# Reasons that other pushes caused: minimum gap, own limit, cap rule, cool-down.
_TAKEN = frozenset({12, 13, 14, 15})


@dataclass(frozen=True, slots=True)
class SlotTaker:
    """A push that held the slot which another one then did not get."""

    run_id: int
    title: str
    not_before: datetime
    state: str


@dataclass(frozen=True, slots=True)
class UserDecision:
    """What one run decided about the user; `decided_at` is None while it has not.

    `decision` is enqueued, not_planned_yet or the code of a reason; `state` is that of the push.
    """

    run_id: int
    title: str
    campaign_code: str | None
    run_status: str
    occasion: datetime
    decided_at: datetime | None
    decision: str
    sentence: Sentence
    rule_title: str
    push_id: str | None
    not_before: datetime | None
    state: str | None
    taken_by: tuple[SlotTaker, ...]

    def line(self, zone: str, language: str = "en") -> str:
        """Return the decision as one line, its time with the zone."""
        moment = self.decided_at or self.occasion
        return (
            f"{tell_time(moment, zone)}  {self.title} (run {self.run_id}): "
            f"{self.sentence.text(language)}"
        )


@dataclass(frozen=True, slots=True)
class UserStory:
    """What is known of a user and every decision, newest first; `zone` is the project's."""

    user_id: int
    is_known: bool
    zone: str
    facts: tuple[Sentence, ...]
    decisions: tuple[UserDecision, ...]

    def lines(self, language: str = "en") -> list[str]:
        """Return all of it as sentences."""
        told = [fact.text(language) for fact in self.facts]
        return told + [decision.line(self.zone, language) for decision in self.decisions]

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """Return all of it as plain values, for JSON."""
        return {
            "user_id": self.user_id,
            "is_known": self.is_known,
            "facts": [fact.text(language) for fact in self.facts],
            "decisions": [
                {
                    "run_id": decision.run_id,
                    "title": decision.title,
                    "campaign_code": decision.campaign_code,
                    "occasion": decision.occasion.isoformat(),
                    "decided_at": decision.decided_at.isoformat() if decision.decided_at else None,
                    "decision": decision.decision,
                    "rule_title": decision.rule_title or None,
                    "push_id": decision.push_id,
                    "not_before": decision.not_before.isoformat() if decision.not_before else None,
                    "state": decision.state,
                    "sentence": decision.sentence.text(language),
                    "taken_by": [taker.run_id for taker in decision.taken_by],
                }
                for decision in self.decisions
            ],
        }


def tell_time(moment: datetime, zone: str) -> str:
    """Return a time as people read it, on the clock of a zone and with its name."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def why(conn: Connection, user_id: int, now: datetime, most: int = 50) -> UserStory:
    """Return what is known of a user at `now` and the latest `most` decisions about him or her.

    A user nobody knows gets one sentence that says so.
    """
    user = GET_USER.one(conn, user_id=user_id, now=now)
    decisions = tuple(
        _tell_decision(conn, user_id, row, user.project_zone)
        for row in LIST_USER_DECISIONS.all(conn, user_id=user_id, most=most)
    )
    if user.is_known:
        facts = _tell_facts(conn, user_id, user, now)
    else:
        facts = [Sentence.say(WHY, "stranger" if decisions else "unknown", user=str(user_id))]
    return UserStory(
        user_id=user_id,
        is_known=user.is_known,
        zone=user.project_zone,
        facts=tuple(facts),
        decisions=decisions,
    )


def _tell_facts(conn: Connection, user_id: int, user: Row[Any], now: datetime) -> list[Sentence]:
    """Say what decisions about the user depend on."""
    if user.is_erased:
        return [Sentence.say(WHY, "erased")]
    facts = [
        _tell_consent(row, user.project_zone)
        for row in LIST_USER_CONSENTS.all(conn, user_id=user_id, now=now)
    ]
    if user.is_reachable:
        platforms = ", ".join(user.platforms)
        facts.append(Sentence.say(WHY, "reachable", devices=user.devices, platforms=platforms))
    else:
        facts.append(Sentence.say(WHY, "not_reachable"))
    if user.zone:
        facts.append(Sentence.say(WHY, "zone", zone=user.zone))
    else:
        written = user.written_zone or "—"
        facts.append(Sentence.say(WHY, "project_zone", written=written, zone=user.project_zone))
    if user.locale:
        facts.append(Sentence.say(WHY, "language", language=user.locale))
    else:
        facts.append(Sentence.say(WHY, "no_language", language=user.default_language))
    if user.weekly_limit is not None:
        facts.append(Sentence.say(WHY, "own_limit", limit=user.weekly_limit))
    if user.control_since:
        since = tell_time(user.control_since, user.project_zone)
        facts.append(Sentence.say(WHY, "control", since=since))
    return facts


def _tell_consent(row: Row[Any], zone: str) -> Sentence:
    """Say what a user agreed to for one purpose."""
    purpose = Sentence.say(WHY, row.purpose)
    if row.changed_at is None:
        return Sentence.say(WHY, "no_consent", purpose=purpose)
    answer = Sentence.say(WHY, "yes" if row.is_granted else "no")
    since = tell_time(row.changed_at, zone)
    return Sentence.say(
        WHY, "consent", purpose=purpose, answer=answer, since=since, source=row.source
    )


def _tell_decision(conn: Connection, user_id: int, row: Row[Any], zone: str) -> UserDecision:
    """Say what one run decided about the user."""
    taken_by: tuple[SlotTaker, ...] = ()
    if row.reason in _TAKEN:
        takers = LIST_SLOT_TAKERS.all(
            conn, user_id=user_id, run_id=row.run_id, reason=row.reason, rule_no=row.rule_no
        )
        taken_by = tuple(
            SlotTaker(taker.run_id, taker.title, taker.not_before, taker.state) for taker in takers
        )
    if row.decision == "enqueued":
        sentence = _tell_push(row, zone)
    elif row.decision == "not_planned_yet":
        sentence = Sentence.say(WHY, "undecided")
    else:
        sentence = _tell_reason(row, taken_by, zone)
    return UserDecision(
        run_id=row.run_id,
        title=row.title,
        campaign_code=row.campaign_code,
        run_status=row.run_status,
        occasion=row.occasion,
        decided_at=row.decided_at,
        decision=row.decision,
        sentence=sentence,
        rule_title=row.rule_title,
        push_id=str(row.push_id) if row.push_id else None,
        not_before=row.not_before,
        state=row.state,
        taken_by=taken_by,
    )


def _tell_reason(row: Row[Any], taken_by: Sequence[SlotTaker], zone: str) -> Sentence:
    """Say why the user got nothing, and which pushes came instead."""
    reason = explain_reason(row.decision, row.rule_title)
    told = Sentence.say(WHY, "not_sent", reason=reason)
    if not taken_by:
        return told
    pushes = ", ".join(
        f"'{taker.title}' ({tell_time(taker.not_before, zone)})" for taker in taken_by
    )
    instead = Sentence.say(WHY, "instead", pushes=pushes)
    return Sentence.join((told, instead))


def _tell_push(row: Row[Any], zone: str) -> Sentence:
    """Say when a push was planned for and what became of it."""
    at = tell_time(row.state_at, zone) if row.state_at else ""
    state = Sentence.say(
        WHY,
        f"state_{row.state}",
        when=Sentence.say(WHY, "at", at=at) if at else "",
        reason=row.state_reason or Sentence.say(WHY, "no_reason"),
    )
    told = Sentence.say(
        WHY,
        "enqueued",
        when=tell_time(row.not_before, zone),
        variant=chr(ord("A") + row.variant),
        language=row.language,
        state=state,
    )
    if not row.receipts:
        return told
    kinds = Sentence.say(WHY, "receipts", kinds=", ".join(row.receipts))
    return Sentence.join((told, kinds))
