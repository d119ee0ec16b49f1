"""`pushline doctor`: what is wrong with this installation, and the way out."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def main(
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Look at Python, settings, server, migrations, roles, zones, partitions, checks, queue."""
    from pushline.doctor import examine

    lines = examine(datetime.now(UTC))
    console = Console(highlight=False)
    if as_json:
        console.print_json(json.dumps([asdict(line) for line in lines], ensure_ascii=False))
    else:
        colours = {"ok": "green", "warn": "yellow", "fail": "red"}
        table = Table(box=None, show_header=False, pad_edge=False)
        for column in ("", "", "seen"):
            table.add_column(column, overflow="fold")
        for line in lines:
            mark = f"[{colours[line.verdict]}]{line.verdict}[/]"
            seen = f"{line.seen}. {line.way_out}" if line.way_out else line.seen
            table.add_row(mark, line.name, seen)
        console.print(table)
    if any(line.verdict == "fail" for line in lines):
        raise typer.Exit(1)
