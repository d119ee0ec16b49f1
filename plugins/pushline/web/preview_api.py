"""Routes of the preview: a brief or cells that are being typed, the fonts and widths of phones."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, status
from fastapi.responses import FileResponse, JSONResponse
from font_roboto import font_files
from pydantic import BaseModel, ConfigDict, Field

from pushline.audience import Catalogue
from pushline.brief.audience_cell import parse_audience
from pushline.brief.sheet_rows import get_record
from pushline.message.text_fit import MEASURES
from pushline.model import AudienceColumn
from pushline.web.asked import Code, Key, Text
from pushline.web.auth import CAMPAIGNS
from pushline.web.context import Language, reading, say
from pushline.web.guard import Asking, Person, requires
from pushline.web.newcomers import take_up_newcomer
from pushline.web.preview import Cells, Preview, Shown, preview_cells
from pushline.web.samples import may_see_samples

router = APIRouter(dependencies=[Depends(requires("GET", CAMPAIGNS)), Depends(take_up_newcomer)])

Sample = Annotated[int, Query(ge=0, le=10)]
# The very files that the server measures with: page and server can't disagree about a letter.
FONTS = {"roboto-regular.ttf": "Roboto", "roboto-medium.ttf": "RobotoMedium"}
_KEEP = {"cache-control": "private, max-age=86400"}


class TypedCells(BaseModel):
    """Cells of a row as they are being typed."""

    model_config = ConfigDict(extra="forbid")

    code: Code | Literal[""] = ""
    cells: dict[Key, Text]
    sample: Annotated[int, Field(ge=0, le=10)] = 0


@router.get("/api/briefs/{code}/preview")
def preview_brief(
    code: Code, person: Asking, language: Language, sample: Sample = 0
) -> dict[str, Any]:
    """Return what phones show of a brief as it stands in the sheet."""
    with reading() as conn:
        cells = get_record(conn, code).cells
    return _answer(cells, code, person, language, sample)


@router.post("/api/preview")
def preview_typed(body: TypedCells, person: Asking, language: Language) -> dict[str, Any]:
    """Return what phones would show of cells; nothing is saved."""
    return _answer(body.cells, body.code, person, language, body.sample)


@router.get("/api/text-fit")
def get_text_fit() -> JSONResponse:
    """Return the widths and limits that page and server share."""
    return JSONResponse(MEASURES, headers=_KEEP)


@router.get("/fonts/{name}")
def get_font(name: str, language: Language) -> FileResponse:
    """Return Roboto as the server measures with it (Apache licence, as the package says)."""
    if name not in FONTS:
        raise HTTPException(status.HTTP_404_NOT_FOUND, say(language, "shell.no_file"))
    return FileResponse(Path(font_files[FONTS[name]]), media_type="font/ttf", headers=_KEEP)


def _answer(cells: Cells, code: str, person: Person, language: str, sample: int) -> dict[str, Any]:
    found = preview_cells(
        cells,
        datetime.now(UTC),
        code=code,
        sample=sample,
        shows_people=may_see_samples(person.groups, may_approve=person.may_approve),
        columns=_find_columns(cells.get("audience", "")),
    )
    return show_preview(found, language)


def _find_columns(cell: str) -> dict[str, AudienceColumn] | None:
    try:
        call = parse_audience(cell)
    except ValueError:
        return None
    card = Catalogue().get(call.name) if call else None
    return dict(card.columns) if card else None


def show_preview(found: Preview, language: str) -> dict[str, Any]:
    """Return a preview as the page takes it."""
    return {
        "texts": [
            {
                "variant": text.variant,
                "language": text.language,
                "title": _show(text.title, language),
                "body": _show(text.body, language),
                "link": text.link,
            }
            for text in found.texts
        ],
        "fields": list(found.fields),
        "people": [
            {
                "key": person.key,
                "fields": {
                    name: None if person.fields.get(name) is None else str(person.fields[name])
                    for name in found.fields
                },
            }
            for person in found.people
        ],
        "sample": found.sample,
    }


def _show(shown: Shown, language: str) -> dict[str, Any]:
    fit = shown.fit
    findings = [finding.sentence.text(language) for finding in fit.findings]
    verdict = {key: value for key, value in asdict(fit).items() if key != "findings"}
    return {
        "text": shown.text,
        "fault": shown.fault.text(language) if shown.fault else "",
        "fit": verdict | {"findings": findings},
    }
