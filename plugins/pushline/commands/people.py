"""`pushline people`: take over the company's people, see what was set aside, erase one."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(no_args_is_help=True, help="People, their consents and their app installs.")


@app.command()
def sync(
    full: Annotated[bool, typer.Option("--full", help="Read everything anew.")] = False,
) -> None:
    """Take over what changed in the company's tables (sql/sources) since the last time."""
    from pushline.database.engine import get_engine
    from pushline.people import sync_people

    console = Console(highlight=False)
    engine = get_engine("owner")
    with Console(stderr=True).status("Reading people, consents and installs"):
        synced = sync_people(engine, engine, datetime.now(UTC), is_full=full)
    table = Table("Source", "Rows", "Set aside", box=None, pad_edge=False)
    for source, rows in synced.rows.items():
        table.add_row(source, f"{rows:,}", f"{synced.quarantined[source]:,}")
    console.print(table)
    console.print(f"{synced.recipients:,} recipients changed, {synced.erased:,} people erased.")


@app.command()
def quarantine() -> None:
    """Show why rows of the company could not be taken, most frequent reason first."""
    from pushline.database.engine import get_engine
    from pushline.people import list_quarantine

    with get_engine("owner").connect() as conn:
        rows = list_quarantine(conn)
    console = Console(highlight=False)
    if not rows:
        console.print("Nothing is set aside.")
        return
    table = Table("Source", "Reason", "Rows", "Since", "For example", box=None, pad_edge=False)
    for row in rows:
        table.add_row(
            row.source,
            row.reason,
            f"{row.row_count:,}",
            f"{row.since:%Y-%m-%d %H:%M} UTC",
            ", ".join(row.examples),
        )
    console.print(table)


@app.command()
def erase(
    user_id: int,
    who: Annotated[str, typer.Option(help="Who answers for it; goes into the audit log.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget one person for good: addresses, fields and ids go, counts stay."""
    from pushline.database.engine import get_engine, transaction
    from pushline.people import erase_person

    if not yes:
        typer.confirm(f"Erase user {user_id} for good?", abort=True)
    with transaction(get_engine("owner")) as conn:
        erase_person(conn, user_id=user_id, who=who, now=datetime.now(UTC))
    Console(highlight=False).print(f"User {user_id} is erased.")
