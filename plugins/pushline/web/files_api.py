"""Files of the sheet: upload one and see what would happen, take it, the template, exports."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response, status
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from pushline.brief.read_sheet import LARGEST_FILE, MEGABYTE, FileRefused, read_bytes
from pushline.brief.sheet import COLUMNS
from pushline.brief.take_file import TakenFile
from pushline.brief.write_sheet import write_csv, write_xlsx
from pushline.desk import open_desk
from pushline.web.auth import AUDIENCES, CAMPAIGNS
from pushline.web.context import Language, reading, say, writing
from pushline.web.guard import Asking, Person, requires

router = APIRouter(prefix="/api", dependencies=[Depends(requires("GET", CAMPAIGNS))])

MOST_ROWS_SHOWN = 50
# What a form adds around its file.
_ENVELOPE = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.post("/import", dependencies=[Depends(requires("PUT", CAMPAIGNS, AUDIENCES))])
async def import_file(
    request: Request,
    person: Asking,
    language: Language,
    dry_run: bool = True,
    bad_rows: Literal["leave", "draft"] = "leave",
) -> dict[str, Any]:
    """Take an uploaded sheet (form field `file`), or say what taking it would do.

    bad_rows: "draft" brings the bad ones into the sheet, to be mended there.
    """
    name, content = await _read_upload(request, language)
    return await run_in_threadpool(_take, name, content, person, language, dry_run, bad_rows)


@router.get("/template.xlsx")
def get_template(language: Language) -> Response:
    """Return an empty sheet with lists and date pickers."""
    with reading() as conn:
        desk = open_desk(conn, datetime.now(UTC))
    content = desk.write_template(language)
    return _download(content, XLSX, "campaigns-template.xlsx")


@router.get("/export.{kind}")
def export(
    kind: Literal["csv", "xlsx"],
    language: Language,
    codes: Annotated[str | None, Query(max_length=40_000)] = None,
) -> Response:
    """Return rows of the sheet as a file that can be imported again.

    codes: which rows and in which order, parted by commas; none given: all of them.
    """
    now = datetime.now(UTC)
    with writing(to_show=True) as conn:
        desk = open_desk(conn, now)
        _, records = desk.read_sheet(conn, now=now)
        zone = desk.rules.zone
    if codes is not None:
        by_code = {record.code: record for record in records}
        records = [by_code[code] for code in codes.split(",") if code in by_code]
    rows = [
        {**record.cells, "campaign_id": record.code, "status": record.status} for record in records
    ]
    if kind == "csv":
        content, media = write_csv(rows, language), "text/csv; charset=utf-8"
    else:
        content, media = (
            write_xlsx(
                rows,
                audiences=list(desk.audiences),
                goal_events=desk.rules.goal_events,
                language=language,
            ),
            XLSX,
        )
    return _download(content, media, f"campaigns-{now.astimezone(zone):%Y-%m-%d}.{kind}")


async def _read_upload(request: Request, language: str) -> tuple[str, bytes]:
    """Return name and content; what is too large is refused before it is read."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST_FILE + _ENVELOPE:
        limit = LARGEST_FILE // MEGABYTE
        sentence = say(language, "files.too_large", limit=limit)
        raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, sentence)
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            sentence = say(language, "files.none_chosen")
            raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, sentence)
        return file.filename or "file", await file.read()


def _take(
    name: str, content: bytes, person: Person, language: str, dry_run: bool, bad_rows: str
) -> dict[str, Any]:
    try:
        sheet = read_bytes(content, name)
    except FileRefused as error:
        sentence = error.note.sentence.text(language)
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, sentence) from error
    now = datetime.now(UTC)
    with writing() as conn:
        taken = open_desk(conn, now).take_file(
            conn,
            sheet,
            by=person.name,
            groups=person.groups,
            now=now,
            dry_run=dry_run,
            takes_drafts=bad_rows == "draft",
        )
        if dry_run:
            conn.rollback()
    return _show(taken, language)


def _show(taken: TakenFile, language: str) -> dict[str, Any]:
    """Return the report with only the bad rows, cut down to the columns that have errors."""
    errors = [problem for problem in taken.report.errors if problem.row]
    columns = {problem.column for problem in errors} & set(COLUMNS)
    actions = [row.action for row in taken.report.imported]
    return taken.report.as_dict(language) | {
        "created": actions.count("created"),
        "updated": actions.count("updated"),
        "unchanged": actions.count("unchanged"),
        "bad": len(taken.bad_rows),
        "can_be_drafts": sum(row.can_be_draft for row in taken.bad_rows),
        "drafts": list(taken.drafts),
        "codes": [row.code for row in taken.report.imported if row.code],
        "headers": {key: _header(key, language) for key in COLUMNS if key in columns},
        "bad_rows": [
            {
                "row": row.number,
                "code": row.code,
                "idea": row.cells.get("idea", ""),
                "cells": {key: row.cells.get(key, "") for key in columns},
            }
            for row in taken.bad_rows[:MOST_ROWS_SHOWN]
        ],
    }


def _header(key: str, language: str) -> str:
    return COLUMNS[key].header.text(language)


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
