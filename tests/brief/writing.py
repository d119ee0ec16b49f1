"""Briefs as people write, edit and approve them."""

from typing import Any

from sqlalchemy import Connection

from pushline.brief.approval import approve_brief
from pushline.brief.content import make_content, make_notes
from pushline.brief.notes import Rules
from pushline.brief.sheet import SheetRow
from pushline.brief.versions import Brief, create_brief, save_version

from .conftest import ALMATY, AUDIENCES, GOOD, NOW

RULES = Rules(zone=ALMATY)


def content_of(**cells: Any) -> dict[str, Any]:
    row = {key: cell for key, cell in {**GOOD, **cells}.items() if cell is not None}
    return make_content(SheetRow(**row), RULES, AUDIENCES)


def notes_of(**cells: Any) -> dict[str, Any]:
    return make_notes(SheetRow(**{**GOOD, **cells}))


def new_brief(db: Connection, by: str = "writer", **cells: Any) -> Brief:
    return create_brief(
        db,
        content=content_of(**cells),
        notes=notes_of(),
        status="audience_ready",
        by=by,
        now=NOW,
    )


def edit(db: Connection, code: str, by: str, **cells: Any) -> Brief:
    return save_version(
        db,
        code,
        content=content_of(**cells),
        notes=notes_of(),
        status="audience_ready",
        by=by,
        now=NOW,
    )


def approve(db: Connection, code: str, by: str = "boss", reach: int = 1000, **given: Any) -> Brief:
    parts = {"audiences": AUDIENCES, "now": NOW, "expected_reach": reach, **given}
    return approve_brief(db, code, by=by, **parts)
