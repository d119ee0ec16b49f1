"""`pushline audience`: what audiences there are, what one costs and whom it holds."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from pushline.audience import AUDIENCES, TRIGGERS, AudienceReport, Catalogue
from pushline.errors import GiveUpRow

app = typer.Typer(
    no_args_is_help=True, help="The SQL files of sql/audiences (with --trigger: sql/triggers)."
)

Name = Annotated[str, typer.Argument(help="The file's name without .sql.")]
Params = Annotated[
    list[str] | None, typer.Option("--param", metavar="KEY=VALUE", help="Value of a parameter.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]
OfTrigger = Annotated[bool, typer.Option("--trigger", help="A file of sql/triggers.")]


def _console() -> Console:
    return Console(highlight=False)


def _values(params: list[str] | None) -> dict[str, str]:
    values = {}
    for item in params or ():
        key, equals, value = item.partition("=")
        if not equals or not key:
            raise GiveUpRow(f"Write --param KEY=VALUE, not {item!r}.")
        values[key.strip()] = value
    return values


def _catalogue(trigger: bool) -> Catalogue:
    return Catalogue(TRIGGERS if trigger else AUDIENCES)


def _print_json(value: Any) -> None:
    _console().print_json(json.dumps(value, default=str, ensure_ascii=False))


@app.command("list")
def list_audiences(trigger: OfTrigger = False, as_json: AsJson = False) -> None:
    """Show every file with its parameters and columns; broken ones with the reason."""
    catalogue = _catalogue(trigger)
    broken = catalogue.broken()
    files = [catalogue.file(name) for name in catalogue]
    if as_json:
        _print_json(
            {
                "audiences": [
                    {
                        "name": file.name,
                        "title": file.title,
                        "owner": file.owner,
                        "parameters": {p.name: p.default for p in file.parameters.values()},
                        "columns": list(file.columns),
                        "sha256": file.sha256,
                    }
                    for file in files
                ],
                "broken": broken,
            }
        )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Name", "Title", "Parameters", "Columns"):
        table.add_column(heading, overflow="fold")
    for file in files:
        parameters = (
            f"{p.name}={'?' if p.is_required else p.default}" for p in file.parameters.values()
        )
        table.add_row(file.name, file.title, ", ".join(parameters), ", ".join(file.columns))
    console = _console()
    console.print(table)
    for sentence in broken.values():
        console.print(f"[red]{sentence}[/red]")
    if broken:
        raise typer.Exit(1)


@app.command("check")
def check_audience(
    name: Name,
    param: Params = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Another audience that a brief would leave out.")
    ] = None,
    trigger: OfTrigger = False,
    as_json: AsJson = False,
) -> None:
    """Guard, cost, count, empty values, overlap with exclusions."""
    from pushline.audience import check
    from pushline.database.engine import get_engine

    catalogue = _catalogue(trigger)
    catalogue.file(name)
    console = Console(stderr=True, highlight=False)
    with console.status(f"Reading {name}"):
        report = check(
            get_engine("audience"),
            get_engine("planner"),
            name,
            datetime.now(UTC),
            parameters=_values(param),
            exclusions=[(other, {}) for other in exclude or ()],
            catalogue=catalogue,
        )
    if as_json:
        _print_json(_report_values(report))
        return
    _print_report(report)


def _report_values(report: AudienceReport) -> dict[str, Any]:
    return {
        "name": report.name,
        "title": report.title,
        "owner": report.owner,
        "parameters": dict(report.parameters),
        "rows": report.rows,
        "users": report.users,
        "null_rows": report.null_rows,
        "users_left": report.users_left,
        "estimated_rows": report.estimated_rows,
        "cost": report.cost,
        "seconds": round(report.seconds, 3),
        "empty_values": dict(report.empty_values),
        "overlaps": [
            {"name": o.name, "users": o.users, "taken_away": o.taken_away} for o in report.overlaps
        ],
        "findings": list(report.findings),
    }


def _print_report(report: AudienceReport) -> None:
    console = _console()
    console.print(f"[bold]{report.title}[/bold] ({report.name}, {report.owner})", markup=True)
    table = Table(box=None, show_header=False, pad_edge=False)
    values = ", ".join(f"{key}={value}" for key, value in report.parameters.items())
    table.add_row("Parameters", values or "none")
    table.add_row("Users", f"{report.users:,}")
    for overlap in report.overlaps:
        table.add_row(
            f"  without {overlap.name}", f"-{overlap.taken_away:,} (of its {overlap.users:,})"
        )
    if report.overlaps:
        table.add_row("  left", f"{report.users_left:,}")
    table.add_row("Rows", f"{report.rows:,} (the server expected {report.estimated_rows:,})")
    table.add_row("Time", f"{report.seconds:.2f} s")
    table.add_row("Cost by EXPLAIN", f"{report.cost:,.0f}")
    for column, count in report.empty_values.items():
        if count:
            table.add_row(f"Without {column}", f"{count:,}")
    console.print(table)
    for sentence in report.findings:
        console.print(f"[yellow]{sentence}[/yellow]")


@app.command("preview")
def preview_audience(
    name: Name, param: Params = None, trigger: OfTrigger = False, as_json: AsJson = False
) -> None:
    """Show the first 20 rows as they are."""
    from pushline.audience import preview
    from pushline.database.engine import get_engine

    catalogue = _catalogue(trigger)
    catalogue.file(name)
    sample = preview(
        get_engine("audience"),
        get_engine("planner"),
        name,
        datetime.now(UTC),
        parameters=_values(param),
        catalogue=catalogue,
    )
    if as_json:
        _print_json([dict(zip(sample.columns, row, strict=True)) for row in sample.rows])
        return
    table = Table(*sample.columns, box=None, pad_edge=False)
    for row in sample.rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    _console().print(table)
