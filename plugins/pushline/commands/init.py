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
    if done.closed_to_page:
        console.print(
            f"The page may not call {done.closed_to_page}: they were closed before it had a role "
            "of its own, and it cannot count a reach. Have a superuser of this database run: "
            "SELECT push.contain_audience_reader()",
            highlight=False,
            style="yellow",
        )
    console.print("The database is up to date." if done.applied else "Nothing to do.")
