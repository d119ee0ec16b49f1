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
    "people",
    "check",
)
COMMANDS = ("init", "why", "send", "doctor", "rebucket")


def send_logs_to_stderr() -> None:
    """Keep stdout for what a command answers; a person at a terminal sees warnings only."""
    level = logging.WARNING if sys.stderr.isatty() else logging.INFO
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up anew for each line: tests and supervisors replace it.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def build(only: str = "") -> typer.Typer:
    """Mount what this checkout has, or only the group or command of this name.

    Importing every room for each call would take seconds; help needs them all.
    """
    wanted = [name for name in (*GROUPS, *COMMANDS) if name == only] or [*GROUPS, *COMMANDS]
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

    for name in wanted:
        if find_spec(f"pushline.commands.{name}") is None:
            continue
        module = import_module(f"pushline.commands.{name}")
        if name in GROUPS:
            application.add_typer(module.app, name=name)
        else:
            application.command(name=name)(module.main)
    return application


def app() -> None:
    """Entry point: our errors become one sentence and exit code 1, bugs keep their traceback."""
    try:
        build(sys.argv[1] if len(sys.argv) > 1 else "")()
    except PushlineError as error:
        Console(stderr=True).print(f"[red]{error}[/red]", highlight=False)
        sys.exit(1)
