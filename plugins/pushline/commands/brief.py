"""`pushline brief`: import a sheet, look at briefs, submit and approve them."""

import getpass
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from pushline.brief.approval import send_back
from pushline.brief.import_briefs import MOST_ROWS_SHOWN, ImportReport
from pushline.brief.read_sheet import FileRefused, SheetFile, read_sheet
from pushline.brief.sheet import COLUMNS, write_cells
from pushline.brief.status import LABELS, STATUSES, WRITABLE, Status
from pushline.brief.versions import (
    Brief,
    copy_brief,
    get_brief,
    list_briefs,
    list_history,
    lock_brief,
    move_brief,
)
from pushline.brief.write_sheet import write_csv, write_xlsx
from pushline.database.engine import get_engine, transaction
from pushline.desk import Desk, open_desk
from pushline.errors import GiveUpRow
from pushline.model import Problem
from pushline.plan.queued import take_approval_back
from pushline.plan.reach_trial import estimate_brief

app = typer.Typer(
    help="Briefs: rows of the campaign sheet.", no_args_is_help=True, add_completion=False
)

FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX.")]
NewFileArgument = Annotated[Path, typer.Argument(dir_okay=False, help="FILE.xlsx or FILE.csv.")]
CodeArgument = Annotated[str, typer.Argument(help="Like C-2026-118.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who does it; default: your login.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LanguageOption = Annotated[str, typer.Option("--language", help="en, ru or kk.")]
StatusOption = Annotated[
    list[str] | None, typer.Option("--status", help="Only this status; may be repeated.")
]


@app.command("import")
def import_command(
    file: FileArgument,
    by: ByOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Save the good rows of a sheet as briefs; list what is wrong with the others."""
    _take_file(file, by=_login(by), as_json=as_json, language=language, dry_run=False)


@app.command("check")
def check_command(
    file: FileArgument, as_json: JsonOption = False, language: LanguageOption = "en"
) -> None:
    """Say what an import would do; change nothing."""
    _take_file(file, by=_login(None), as_json=as_json, language=language, dry_run=True)


@app.command("list")
def list_command(status: StatusOption = None, as_json: JsonOption = False) -> None:
    """List briefs by their time of sending."""
    wanted = [_status(name) for name in status or ()]
    with transaction(get_engine()) as conn:
        briefs = list_briefs(conn, wanted)
    if as_json:
        typer.echo(json.dumps([_as_dict(brief) for brief in briefs], ensure_ascii=False))
        return
    Console().print(_table(briefs) if briefs else "No briefs. Start with: pushline brief import")


@app.command("show")
def show_command(code: CodeArgument, as_json: JsonOption = False) -> None:
    """Show a brief: its cells, its approval, who changed what."""
    with transaction(get_engine()) as conn:
        brief = get_brief(conn, code.upper())
        history = list_history(conn, code.upper())
    if as_json:
        acts = [{**row._asdict(), "happened_at": str(row.happened_at)} for row in history]
        typer.echo(json.dumps({**_as_dict(brief), "history": acts}, ensure_ascii=False))
        return
    console = Console()
    console.print(_card(brief))
    for row in history:
        columns = ", ".join(
            f"“{change['new']}”" if change["column"] == "reason" else change["column"]
            for change in row.changes
        )
        line = f"{row.happened_at:%Y-%m-%d %H:%M} UTC  {row.who} {row.what} v{row.version}  "
        console.print(Text(line).append(columns, "dim"), soft_wrap=True)


@app.command("template")
def template_command(file: NewFileArgument, language: LanguageOption = "ru") -> None:
    """Write an empty sheet with lists and date pickers."""
    if file.suffix.lower() == ".csv":
        file.write_bytes(write_csv((), language))
    else:
        with _open_desk() as (desk, _conn, _now):
            file.write_bytes(desk.write_template(language))
    Console().print(f"Wrote {file}. Fill it, then: pushline brief check {file}", highlight=False)


@app.command("export")
def export_command(
    file: NewFileArgument, status: StatusOption = None, language: LanguageOption = "ru"
) -> None:
    """Write all briefs to a sheet that can be imported again."""
    wanted = [_status(name) for name in status or ()]
    with _open_desk() as (desk, conn, _now):
        rows = [brief.row for brief in list_briefs(conn, wanted)]
    if file.suffix.lower() == ".csv":
        file.write_bytes(write_csv(map(write_cells, rows), language))
    else:
        content = write_xlsx(
            [write_cells(row) for row in rows], audiences=list(desk.audiences), language=language
        )
        file.write_bytes(content)
    Console().print(f"Wrote {len(rows)} briefs to {file}.", highlight=False)


@app.command("submit")
def submit_command(
    code: CodeArgument,
    by: ByOption = None,
    to: Annotated[str, typer.Option("--to", help="Status to reach.")] = "audience_ready",
) -> None:
    """Move a brief on, step by step, as far as its cells are filled."""
    target = _status(to)
    if target not in WRITABLE:
        raise GiveUpRow(f"Choose one of {', '.join(WRITABLE)}; the rest follows by itself.")
    with _open_desk() as (desk, conn, now):
        brief = lock_brief(conn, code.upper())
        cells = {**write_cells(brief.row), "status": target}
        checked = desk.check(cells, now=now)
        if not checked.is_good:
            _print_problems(checked.problems, "en")
            raise typer.Exit(1)
        for step in _steps(brief.status, target):
            brief = move_brief(conn, brief.campaign_code, step, by=_login(by), now=now)
    Console().print(f"{brief.campaign_code} is {LABELS[brief.status].en} now.", highlight=False)


@app.command("approve")
def approve_command(
    code: CodeArgument,
    by: ByOption = None,
    expected_reach: Annotated[
        int | None,
        typer.Option(
            "--expected-reach",
            min=0,
            help="How many should get it, by your word; default: counted now.",
        ),
    ] = None,
) -> None:
    """Approve what somebody else wrote; a reach outside of its band will ask again."""
    reach = _count_reach(code.upper()) if expected_reach is None else expected_reach
    with _open_desk() as (desk, conn, now):
        brief = desk.approve(conn, code.upper(), by=_login(by), now=now, expected_reach=reach)
    band = f"{brief.reach_low:,}-{brief.reach_high:,}".replace(",", "\u202f")
    Console().print(
        f"{brief.campaign_code} v{brief.version} is approved by {brief.approved_by} for {reach} "
        f"people; it leaves by itself while it reaches {band}.",
        highlight=False,
    )


@app.command("send-back")
def send_back_command(
    code: CodeArgument,
    reason: Annotated[str, typer.Option("--reason", help="What is to be changed.")],
    by: ByOption = None,
) -> None:
    """Say no to a brief that waits for approval, and why; its writers read that above it."""
    with _open_desk() as (_desk, conn, now):
        brief = send_back(conn, code.upper(), reason, by=_login(by), now=now)
    Console().print(f"{brief.campaign_code} is back with its writers.", highlight=False)


@app.command("withdraw")
def withdraw_command(code: CodeArgument, by: ByOption = None) -> None:
    """Take an approval back; what is queued stays there until it is approved again."""
    brief, left = take_approval_back(
        get_engine(), get_engine("planner"), code.upper(), by=_login(by), now=datetime.now(UTC)
    )
    queued = f" {left.waiting} pushes stay in the queue until then." if left.waiting else ""
    gone = f" {left.left_already} had left and cannot be called back." if left.left_already else ""
    Console().print(
        f"{brief.campaign_code} waits for an approval again.{queued}{gone}", highlight=False
    )


@app.command("copy")
def copy_command(code: CodeArgument, by: ByOption = None) -> None:
    """Make a new brief that says the same; give it a date and have it approved."""
    with _open_desk() as (_desk, conn, now):
        brief = copy_brief(conn, code.upper(), by=_login(by), now=now)
    Console().print(f"{brief.campaign_code} is the copy.", highlight=False)


@app.command("cancel")
def cancel_command(code: CodeArgument, by: ByOption = None) -> None:
    """Give a brief up: it loses its approval, so nothing more of it is planned or leaves."""
    with _open_desk() as (_desk, conn, now):
        brief = move_brief(conn, code.upper(), "cancelled", by=_login(by), now=now)
    Console().print(
        f"{brief.campaign_code} is cancelled: nothing more of it leaves. What is queued expires; "
        "`pushline run cancel` ends it at once.",
        highlight=False,
    )


def _count_reach(code: str) -> int:
    now = datetime.now(UTC)
    return estimate_brief(get_engine("planner"), get_engine("audience"), code, now).reach


@contextmanager
def _open_desk() -> Iterator[tuple[Desk, Connection, datetime]]:
    now = datetime.now(UTC)
    with transaction(get_engine()) as conn:
        yield open_desk(conn, now), conn, now


def _take_file(file: Path, *, by: str, as_json: bool, language: str, dry_run: bool) -> None:
    try:
        sheet: SheetFile = read_sheet(file)
    except FileRefused as error:
        raise GiveUpRow(f"{file.name}: {error.note.sentence.text(language)}") from error
    with _open_desk() as (desk, conn, now):
        report = desk.import_sheet(conn, sheet, by=by, now=now, dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps(report.as_dict(language), ensure_ascii=False))
    else:
        print_report(report, language)
    if report.errors:
        raise typer.Exit(1)


def print_report(
    report: ImportReport, language: str = "en", console: Console | None = None
) -> None:
    """Print an import: the list of what to do, then only the rows with errors."""
    out = console or Console()
    out.print(report.heading.text(language), style="bold", highlight=False)
    problems = [problem for problem in report.problems if problem.severity == "error"]
    shown = sorted({problem.row or 0 for problem in problems})[:MOST_ROWS_SHOWN]
    _print_problems([it for it in problems if (it.row or 0) in shown], language, out)
    hidden = len({problem.row or 0 for problem in problems}) - len(shown)
    if hidden:
        out.print(f"… and {hidden} more rows.", highlight=False)
    if report.warnings:
        out.print(f"{len(report.warnings)} warnings (they stop nothing): --json lists them.")
    actions = [row.action for row in report.imported]
    counts = ", ".join(f"{actions.count(name)} {name}" for name in dict.fromkeys(actions))
    verb = "Would be" if report.is_dry_run else "Done"
    out.print(f"{verb}: {counts or 'nothing'}.", highlight=False)


def _print_problems(
    problems: Sequence[Problem], language: str, console: Console | None = None
) -> None:
    if not problems:
        return
    table = Table("row", "column", "value", "what to do", expand=False)
    for problem in problems:
        column = COLUMNS.get(problem.column)
        name = column.header.text(language) if column else ""
        words = problem.sentence.text(language)
        style = "red" if problem.severity == "error" else "yellow"
        number = str(problem.row) if problem.row else ""
        table.add_row(number, name, Text(problem.value), Text(words, style=style))
    (console or Console()).print(table)


def _table(briefs: Sequence[Brief]) -> Table:
    table = Table("brief", "status", "send at", "idea", "audience", "approved by")
    for brief in briefs:
        content = brief.content
        audience = str(brief.row.audience or "")
        table.add_row(
            brief.campaign_code,
            LABELS[brief.status].en,
            (content["send_at"] or "").replace("T", " "),
            Text(brief.notes.get("idea") or ""),
            Text(audience),
            brief.approved_by or "",
        )
    return table


def _card(brief: Brief) -> Table:
    table = Table(
        title=f"{brief.campaign_code} v{brief.version} · {LABELS[brief.status].en}",
        show_header=False,
    )
    for key, cell in write_cells(brief.row).items():
        if cell and key not in {"campaign_id", "status"}:
            table.add_row(COLUMNS[key].header.en, Text(cell))
    table.add_row("written by", ", ".join(brief.edited_by))
    if brief.approved_by:
        band = f"{brief.reach_low}-{brief.reach_high}"
        table.add_row("approved by", f"{brief.approved_by}, for {band} people")
    return table


def _as_dict(brief: Brief) -> dict[str, Any]:
    return {
        "code": brief.campaign_code,
        "status": brief.status,
        "version": brief.version,
        "content": dict(brief.content),
        "notes": dict(brief.notes),
        "content_hash": brief.content_hash,
        "edited_by": list(brief.edited_by),
        "approved_by": brief.approved_by,
        "reach_expected": brief.reach_expected,
    }


def _steps(old: Status, new: Status) -> Sequence[Status]:
    if old == new:
        return ()
    if old not in WRITABLE:
        return (new,)  # refused with what may be done instead
    first, last = WRITABLE.index(old), WRITABLE.index(new)
    if last > first:
        return WRITABLE[first + 1 : last + 1]
    return tuple(reversed(WRITABLE[last:first]))


def _status(name: str) -> Status:
    if name not in STATUSES:
        raise GiveUpRow(f"{name!r} is no status; use one of {', '.join(get_args(Status))}.")
    return name


def _login(by: str | None) -> str:
    return by or getpass.getuser()
