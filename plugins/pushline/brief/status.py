"""Where a brief stands, who may move it, and what must be filled before."""

from typing import Literal, get_args

from pushline.brief.refusal_sentences import REFUSALS
from pushline.errors import GiveUpRow
from pushline.sentence import Sentence

Status = Literal[
    "idea",
    "texts_ready",
    "audience_ready",
    "approved",
    "scheduled",
    "sending",
    "sent",
    "cancelled",
]
STATUSES: tuple[Status, ...] = get_args(Status)
Role = Literal["business", "marketing", "data", "approver", "system"]

# What people may set themselves; the rest follows from an approval or from the planner.
WRITABLE: tuple[Status, ...] = ("idea", "texts_ready", "audience_ready")
# What an approval holds and may let go: somebody agreed, and nobody is decided yet.
APPROVED: tuple[Status, ...] = ("approved", "scheduled")
# A new version would change what an approval said: withdraw it first, or copy the brief.
FROZEN: tuple[Status, ...] = (*APPROVED, "sending", "sent", "cancelled")

# (from, to) -> who. `approved` comes only with an approval, never by a bare move.
MOVES: dict[tuple[Status, Status], frozenset[Role]] = {
    ("idea", "texts_ready"): frozenset(("marketing",)),
    ("texts_ready", "idea"): frozenset(("marketing", "business")),
    ("texts_ready", "audience_ready"): frozenset(("data",)),
    ("audience_ready", "texts_ready"): frozenset(("data", "marketing", "approver")),
    ("audience_ready", "approved"): frozenset(("approver",)),
    ("approved", "audience_ready"): frozenset(("approver", "marketing", "data")),
    ("approved", "scheduled"): frozenset(("system",)),
    ("approved", "sending"): frozenset(("system",)),
    ("scheduled", "audience_ready"): frozenset(("approver", "marketing", "data")),
    ("scheduled", "sending"): frozenset(("system",)),
    # A repeating brief waits for its next occasion.
    ("sending", "scheduled"): frozenset(("system",)),
    ("sending", "sent"): frozenset(("system",)),
    ("scheduled", "sent"): frozenset(("system",)),
    ("approved", "sent"): frozenset(("system",)),
    ("idea", "cancelled"): frozenset(("business", "marketing", "data", "approver")),
    ("texts_ready", "cancelled"): frozenset(("business", "marketing", "data", "approver")),
    ("audience_ready", "cancelled"): frozenset(("business", "marketing", "data", "approver")),
    ("approved", "cancelled"): frozenset(("business", "marketing", "data", "approver")),
    ("scheduled", "cancelled"): frozenset(("business", "marketing", "data", "approver")),
    ("sending", "cancelled"): frozenset(("business", "marketing", "data", "approver")),
}

# The step that an approver takes with a reason only: `sheet_steps.send_back_row`.
SENT_BACK: tuple[Status, Status] = ("audience_ready", "texts_ready")

LABELS: dict[Status, Sentence] = {
    "idea": Sentence("idea", "идея", "идея"),
    "texts_ready": Sentence("texts ready", "тексты готовы", "мәтіндер дайын"),
    "audience_ready": Sentence("audience ready", "аудитория готова", "аудитория дайын"),
    "approved": Sentence("approved", "согласовано", "мақұлданды"),
    "scheduled": Sentence("scheduled", "запланировано", "жоспарланды"),
    "sending": Sentence("sending", "отправляется", "жіберілуде"),
    "sent": Sentence("sent", "отправлено", "жіберілді"),
    "cancelled": Sentence("cancelled", "отменено", "бас тартылды"),
}


class MoveRefused(GiveUpRow):
    """A brief may not go where it was asked to go; the message says what may be done instead."""


def check_move(old: Status, new: Status, role: Role | None = None) -> None:
    """Raise MoveRefused unless the move exists and, where given, the role may make it."""
    if old == new:
        return
    allowed = MOVES.get((old, new))
    if allowed is None:
        ways = ", ".join(end for start, end in MOVES if start == old) or "nothing"
        message = f"A brief that is {old} cannot become {new}; it can become: {ways}."
        raise MoveRefused(message, _say("move_impossible", old, new))
    if role is not None and role not in allowed:
        names = " or ".join(sorted(allowed))
        message = f"{old} -> {new} is the step of {names}; ask one of them."
        raise MoveRefused(message, _say("move_of_others", old, new))


def list_movers(step: tuple[Status, Status]) -> frozenset[Role]:
    """Return who may take a step by a bare move: nobody says no to a brief without a reason."""
    movers = MOVES.get(step, frozenset())
    return movers - {"approver"} if step == SENT_BACK else movers


def _say(code: str, old: Status, new: Status) -> Sentence:
    return Sentence.say(REFUSALS, code, status=LABELS[old], to=LABELS[new])
