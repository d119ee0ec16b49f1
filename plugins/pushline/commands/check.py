"""`pushline check`: whether Pushline keeps its promises."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from pushline.report.checks import CheckResult

app = typer.Typer(no_args_is_help=True, help="Checks of the promises: sql/checks.")


@app.callback()
def _group() -> None:
    """Keep `run` a command of its own, though it is the only one."""


@app.command()
def run(
    name: Annotated[
        list[str] | None, typer.Option(help="Only this check; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Run the checks now, keep what they find, and fail when a promise is broken."""
    from pushline.database.engine import get_engine
    from pushline.errors import PushlineError
    from pushline.report.checks import list_checks, run_checks

    known = [check.path.stem for check in list_checks()]
    unknown = sorted(set(name or ()) - set(known))
    if unknown:
        raise PushlineError(f"There is no check {unknown[0]}; there are: {', '.join(known)}.")
    with Console(stderr=True).status("Checking"):
        results = run_checks(get_engine("planner"), datetime.now(UTC), names=name or None)
    if as_json:
        told = [_as_dict(result) for result in results]
        Console(highlight=False).print_json(json.dumps(told, ensure_ascii=False))
    else:
        _show(results)
    if any(result.breaks for result in results):
        raise typer.Exit(1)


def _verdict(result: "CheckResult") -> str:
    if result.is_clean:
        return "ok"
    return "fail" if result.breaks else "warn"


def _as_dict(result: "CheckResult") -> dict[str, object]:
    return {
        "name": result.name,
        "verdict": _verdict(result),
        "offending": result.offending,
        "error": result.error or None,
        "sample": [{"key": key, "detail": detail} for key, detail in result.sample],
        "remedy": result.remedy,
    }


def _show(results: "Sequence[CheckResult]") -> None:
    """Print a line a check, and below what was found and what to do."""
    console = Console(highlight=False)
    colours = {"ok": "green", "warn": "yellow", "fail": "red"}
    table = Table("Check", "Verdict", "Found", "What it looks for", box=None, pad_edge=False)
    for result in results:
        verdict = _verdict(result)
        found = result.error or f"{result.offending:,}"
        table.add_row(result.name, f"[{colours[verdict]}]{verdict}[/]", found, result.purpose)
    console.print(table)
    for result in (result for result in results if not result.is_clean):
        console.print(f"\n[bold]{result.name}[/bold]")
        for key, detail in result.sample:
            console.print(f"  {key}: {detail}", markup=False, soft_wrap=True)
        if result.remedy:
            console.print(f"  What to do: {result.remedy}", markup=False, soft_wrap=True)
