"""`pushline trigger`: which triggers there are, and turn them on and off."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pushline.audience import TRIGGERS, Catalogue
from pushline.brief.approval import record_approval
from pushline.database.engine import get_engine, transaction
from pushline.errors import GiveUpRow
from pushline.trigger import list_triggers, renew_version, switch_trigger

app = typer.Typer(help="Triggers: SQL files that fire.", no_args_is_help=True, add_completion=False)

NameArgument = Annotated[str, typer.Argument(help="Name of the file in sql/triggers.")]


@app.command("list")
def list_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the triggers: on or off, version, who approved it."""
    with transaction(get_engine("planner")) as conn:
        rows = list_triggers(conn)
    if as_json:
        shown = [
            {
                "name": row.name,
                "on": row.is_on,
                "version": row.version,
                "approved_by": row.approved_by,
            }
            for row in rows
        ]
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    table = Table("trigger", "title", "state", "version", "approved by", "again after")
    for row in rows:
        state = "on" if row.is_on else "off"
        approved = row.approved_by or "nobody yet: it rests"
        table.add_row(row.name, row.title, state, str(row.version), approved, str(row.cool_down))
    Console().print(table)


@app.command("on")
def on_command(name: NameArgument) -> None:
    """Let a trigger fire from the next tick on."""
    _switch(name, is_on=True)


@app.command("off")
def off_command(name: NameArgument) -> None:
    """Stop a trigger; pushes that are enqueued already still leave."""
    _switch(name, is_on=False)


@app.command("approve")
def approve_command(
    name: NameArgument,
    by: Annotated[str, typer.Option("--by", help="Who approves; none of its editors.")],
) -> None:
    """Approve a trigger as it stands, its SQL file included."""
    now = datetime.now(UTC)
    with transaction(get_engine("owner")) as conn:
        renewed, is_new = renew_version(conn, name, Catalogue(TRIGGERS).sql_hash(name), now)
        record_approval(
            conn,
            source_kind="trigger",
            source_id=renewed.trigger_id,
            version=renewed.version,
            content_hash=renewed.content_hash,
            by=by,
            now=now,
            expected_reach=0,
        )
    why = ", whose SQL had changed" if is_new else ""
    typer.echo(f"{by} approved version {renewed.version} of {name}{why}.")


def _switch(name: str, *, is_on: bool) -> None:
    with transaction(get_engine("owner")) as conn:
        if not switch_trigger(conn, name, is_on=is_on):
            raise GiveUpRow(f"There is no trigger {name!r}. `pushline trigger list` shows them.")
    typer.echo(f"{name} is {'on' if is_on else 'off'}.")
