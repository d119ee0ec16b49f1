"""A beside B as every page shows it: users, shares, and whether chance explains the difference."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal, format_percent

from pushline.report.funnel import Funnel
from pushline.report.uplift import Uplift
from pushline.report.variants import VariantCount, compare_variants
from pushline.web.context import say

# Pushes and what the provider took; what comes back is a share of that.
LEFT = ("pushes", "accepted")
CAME_BACK = ("delivered", "opened", "converted", "unsubscribed")


def show_variants(
    found: Funnel, variants: Sequence[VariantCount], language: str
) -> dict[str, Any] | None:
    """Return heading, columns, rows of (text, share) and notes; None when there is nothing to show.

    What no phone has reported of any variant is a dash: "none" and "not told" look alike.
    """
    has_receipts = any(it.has_receipts for it in variants)
    if len(variants) < 2 and not has_receipts:
        return None
    columns = LEFT + (CAME_BACK if has_receipts else ())
    silent = {key for key in CAME_BACK if not any(getattr(it, key) for it in variants)}
    notes = [] if has_receipts else [say(language, "results.no_receipts")]
    if has_receipts:
        notes.append(say(language, "results.shares"))
    if silent and has_receipts:
        names = ", ".join(say(language, f"results.{key}") for key in CAME_BACK if key in silent)
        notes.append(say(language, "results.silent", names=names))
    if len(variants) > 1 and has_receipts:
        notes.append(_say_uplift(found, compare_variants(variants, found.stage), language))
    return {
        "heading": say(language, "results.variants" if len(variants) > 1 else "results.came_back"),
        "columns": [say(language, f"results.{key}") for key in ("variant", *columns)],
        "rows": [
            {"variant": it.variant, "cells": [_show(it, key, silent, language) for key in columns]}
            for it in variants
        ],
        "notes": notes,
    }


def _show(it: VariantCount, key: str, silent: set[str], language: str) -> dict[str, Any]:
    users = getattr(it, key)
    if key in silent:
        return {"users": None, "share": ""}
    whole = it.pushes if key == "accepted" else it.accepted
    has_share = key != "pushes" and whole > 0
    share = _percent(min(1.0, users / whole), language) if has_share else ""
    return {"users": users, "share": share}


def _say_uplift(found: Funnel, uplift: Uplift | None, language: str) -> str:
    if uplift is None:
        key = "missing_under_way" if found.stage == "sending" else "missing_nothing_back"
        return say(language, f"grid.{key}")
    return say(
        language,
        "grid.uplift_note" if uplift.is_clear else "grid.uplift_unclear_note",
        day=f"{found.occasion.astimezone(ZoneInfo(found.zone)):%Y-%m-%d}",
        a=_percent(uplift.base_share, language),
        b=_percent(uplift.share, language),
        low=_points(uplift.low, language),
        high=_points(uplift.high, language),
    )


def _percent(share: float, language: str) -> str:
    pattern = "#,##0.#%" if language == "en" else "#,##0.#\u00a0%"
    return str(format_percent(share, pattern, _locale(language)))


def _points(share: float, language: str) -> str:
    shown = format_decimal(abs(100 * share), "#,##0.#", _locale(language))
    sign = "" if float(f"{100 * share:.1f}") == 0 else "−" if share < 0 else "+"
    return sign + str(shown)


def _locale(language: str) -> str:
    """Return whose numbers a language writes; Kazakh ones look like the Russian, as in the grid."""
    return "ru" if language == "kk" else language
