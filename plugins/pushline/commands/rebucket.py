"""`pushline rebucket`: change the number of buckets while nobody works."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pushline.database.clock import read_clock
from pushline.rebucket import Rebucketed, preview_rebucket, rebucket, refuse_bad_count


def main(
    buckets: Annotated[int, typer.Argument(help="How many: a power of two, 1 to 1024.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Change the number of buckets, the slices of users that are planned at once; offline."""
    from pushline.database.engine import get_engine

    engine = get_engine("owner")
    refuse_bad_count(engine, buckets)
    preview = preview_rebucket(engine, buckets)
    console = Console(highlight=False)
    show_preview(console, preview)
    if dry_run:
        console.print("Nothing was changed.")
        return
    if not yes:
        typer.confirm("Airflow, takers and producers are stopped, a backup is made?", abort=True)
    rebucket(engine, buckets, read_clock(engine))
    console.print(f"Done: {buckets} buckets. Start Airflow and the takers again.")


def show_preview(console: Console, preview: Rebucketed) -> None:
    """Print what would be rewritten, and what forbids it."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in (
        ("Buckets now", preview.old_count),
        ("Buckets then", preview.new_count),
        ("Recipients to move", preview.recipients),
        ("Runs to rewrite", preview.runs),
        ("Pushes in their batches", preview.pushes),
        ("Batches now", preview.batches),
        ("  of them split", preview.split_batches),
        ("Batches then", preview.batches_after),
    ):
        table.add_row(name, f"{value:,}")
    console.print(table)
    for obstacle in preview.obstacles:
        console.print(f"In the way: {obstacle}", style="yellow")
