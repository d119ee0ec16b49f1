"""The command `pushline`: mounts the groups of commands and turns our errors into sentences."""

import sys
from importlib import import_module
from importlib.util import find_spec

import typer
from rich.console import Console

from pushline.errors import PushlineError

# Groups have a typer app named `app`; the others one function named `main` per command.
GROUPS = (
    "demo",
    "brief",
    "audience",
    "run",
    "queue",
    "trigger",
    "policy",
    "report",
    "event",
    "people",
)
COMMANDS = ("init", "why", "send", "doctor", "api")


def build() -> typer.Typer:
    """Mount what this checkout has."""
    application = typer.Typer(
        name="pushline",
        help="Push campaigns from a marketer's sheet to the send queue.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )

    @application.callback()
    def _root() -> None:
        """Push campaigns from a marketer's sheet to the send queue."""

    for name in GROUPS:
        if find_spec(f"pushline.commands.{name}"):
            application.add_typer(import_module(f"pushline.commands.{name}").app, name=name)
    for name in COMMANDS:
        if find_spec(f"pushline.commands.{name}"):
            application.command(name=name)(import_module(f"pushline.commands.{name}").main)
    return application


def app() -> None:
    """Entry point: our errors become one sentence and exit code 1, bugs keep their traceback."""
    try:
        build()()
    except PushlineError as error:
        Console(stderr=True).print(f"[red]{error}[/red]", highlight=False)
        sys.exit(1)
