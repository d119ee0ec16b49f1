"""`pushline init`: bring the database up to the code."""

from typing import Annotated

import typer
from rich.console import Console

from pushline.database.prepare import prepare


def main(
    buckets: Annotated[
        int | None, typer.Option(help="Slices of users; only for an empty database.")
    ] = None,
) -> None:
    """Start the database if it is ours, apply what is pending, set the roles' passwords."""
    done = prepare(buckets)
    console = Console()
    for path in done.applied:
        console.print(f"applied sql/{path}", highlight=False)
    console.print("The database is up to date." if done.applied else "Nothing to do.")
