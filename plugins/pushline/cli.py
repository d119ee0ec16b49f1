"""The command `pushline`: mounts the groups of commands and turns our errors into sentences."""

import logging
import sys
from importlib import import_module
from importlib.util import find_spec

import structlog
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
    "check",
)
COMMANDS = ("init", "why", "send", "doctor", "api")


def send_logs_to_stderr() -> None:
    """Keep stdout for what a command answers; a person at a terminal sees warnings only."""
    level = logging.WARNING if sys.stderr.isatty() else logging.INFO
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up anew for each line: tests and supervisors replace it.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


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
        send_logs_to_stderr()

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
