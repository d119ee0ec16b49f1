"""What an approval binds to: one canonical JSON of all that changes who, what, when, how often."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pushline.brief.audience_cell import AudienceCall, convert_parameter
from pushline.brief.check_schedule import effective_ttl
from pushline.brief.notes import Rules
from pushline.brief.occasions import parse_repeat
from pushline.brief.sheet import SheetRow, Variant
from pushline.brief.status import Status
from pushline.model import AudienceCatalogue, hash_sql_texts

CLASSES = {"promo": "marketing", "service": "transactional"}
VARIANTS: tuple[Variant, ...] = ("", "b_")
# Beside the content: changing them needs no new approval.
NOTES = ("idea", "goal_event", "promo_start", "owner", "service_reason")
# Of a service push it is content, too: it says why nobody's caps, quiet hours and control hold.
REASON = "service_reason"

USUAL_CONTROL_PERCENT = 5
USUAL_SHARE_OF_B = 50
USUAL_PRIORITY = 5
_WHOLE = 10_000


def make_content(row: SheetRow, rules: Rules, audiences: AudienceCatalogue) -> dict[str, Any]:
    """Return the content of a row without errors: defaults filled, plain JSON values.

    Shares are basis points; send_at is the wall clock of the project; sql_hash is over the SQL
    of the audience and the exclusions as it is now. A service push has its reason in it.
    """
    exclusions = sorted((_make_call(call, audiences) for call in row.exclude), key=canonical)
    reason = {REASON: row.service_reason or ""} if row.kind == "service" else {}
    return reason | {
        "class": CLASSES[row.kind or "promo"],
        "send_at": row.send_at.isoformat(timespec="minutes") if row.send_at else None,
        "local_time": bool(row.local_time),
        "repeat": parse_repeat(row.repeat, rules.zone) if row.repeat else None,
        "ttl_hours": effective_ttl(row, rules),
        "promo_end": row.promo_end.isoformat() if row.promo_end else None,
        "texts": _make_texts(row),
        "variant_shares": _make_shares(row),
        "link": row.link or "",
        "image_url": row.image_url or "",
        "utm_campaign": row.utm_campaign or "",
        "tags": sorted(row.tags),
        "audience": _make_call(row.audience, audiences) if row.audience else None,
        "exclude": exclusions,
        "sql_hash": current_sql_hash(row.audience, row.exclude, audiences),
        "control_share": _percent(row.control_pct, USUAL_CONTROL_PERCENT) * 100,
        "priority": row.priority or USUAL_PRIORITY,
        "max_users": row.max_users,
        "throttle": row.throttle,
        "limit_mode": row.limit_mode or "drop",
    }


def make_notes(row: SheetRow) -> dict[str, Any]:
    """Return what people note beside the content, as plain JSON values."""
    dumped = row.model_dump(mode="json")
    return {key: dumped[key] for key in NOTES}


def keep_old_form(
    content: Mapping[str, Any], old: Mapping[str, Any], old_reason: str | None
) -> dict[str, Any]:
    """Return a content as it is to be compared with, and saved after, an older one.

    Versions from before the reason was part of the content keep their hash, and so their approval,
    as long as the reason (a note of theirs) stays what it was.
    """
    is_of_before = old.get("class") == CLASSES["service"] and REASON not in old
    if is_of_before and content.get(REASON) == (old_reason or ""):
        return {key: value for key, value in content.items() if key != REASON}
    return dict(content)


def list_notes(content: Mapping[str, Any]) -> frozenset[str]:
    """Return the columns that may change without touching this content."""
    is_service = content.get("class") == CLASSES["service"]
    return frozenset(NOTES) - ({REASON} if is_service else set())


def hash_content(content: Mapping[str, Any]) -> str:
    """Return the sha256 (hex) of the canonical JSON of a content."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(value: object) -> str:
    """Return JSON in the one way that equal values share."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def restore_row(
    content: Mapping[str, Any],
    notes: Mapping[str, Any],
    campaign_code: str | None = None,
    status: Status | None = None,
) -> SheetRow:
    """Return the row of a content: what the sheet shows and a file exports."""
    cells: dict[str, Any] = {
        key: content.get(key)
        for key in (
            *("local_time", "repeat", "ttl_hours", "promo_end", "link", "image_url"),
            *("utm_campaign", "tags", "audience", "exclude", "priority", "max_users", "throttle"),
            "limit_mode",
        )
    }
    cells["send_at"] = dt.datetime.fromisoformat(content["send_at"]) if content["send_at"] else None
    cells["kind"] = next(kind for kind, name in CLASSES.items() if name == content["class"])
    cells["control_pct"] = content["control_share"] // 100
    shares = content["variant_shares"]
    if len(shares) > 1:
        cells["b_pct"] = (_WHOLE - shares[0]) // 100
    for number, languages in content["texts"].items():
        variant = VARIANTS[int(number)]
        for language, words in languages.items():
            cells[f"title_{variant}{language}"] = words["title"]
            cells[f"text_{variant}{language}"] = words["body"]
    return SheetRow.model_validate(
        {**cells, **{key: notes.get(key) for key in NOTES}, "campaign_id": campaign_code}
        | ({REASON: content[REASON] or None} if REASON in content else {})
        | {"status": status}
    )


def current_sql_hash(
    audience: AudienceCall | None,
    exclude: tuple[AudienceCall, ...],
    audiences: AudienceCatalogue,
) -> str:
    """Return the hash over the SQL that a row uses, as the files are now."""
    names = {call.name for call in (audience, *exclude) if call}
    cards = {name: audiences.get(name) for name in names}
    return hash_sql_texts({name: card.sql for name, card in cards.items() if card})


def list_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what differs between two contents or notes: column, old, new."""
    return [
        {"column": key, "old": old.get(key), "new": new.get(key)}
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]


def _make_texts(row: SheetRow) -> dict[str, dict[str, dict[str, str]]]:
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for number, variant in enumerate(VARIANTS):
        for language in row.languages(variant):
            title, body = row.text(language, variant)
            words = {"title": title or "", "body": body or ""}
            texts.setdefault(str(number), {})[language] = words
    return texts


def _make_shares(row: SheetRow) -> list[int]:
    if not row.languages("b_"):
        return [_WHOLE]
    return [_WHOLE - _percent(row.b_pct, USUAL_SHARE_OF_B) * 100, _WHOLE]


def _make_call(call: AudienceCall, audiences: AudienceCatalogue) -> dict[str, Any]:
    card = audiences.get(call.name)
    known = card.parameters if card else {}
    parameters = {
        name: convert_parameter(value, known[name]) if name in known else value
        for name, value in call.parameters.items()
    }
    return {"name": call.name, "parameters": parameters}


def _percent(value: int | None, usual: int) -> int:
    return usual if value is None else value
