"""docs/reference/commands.md: every command of `pushline`, as typer knows it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from pushline.cli import build
from scripts.docs.tables import make_page, make_table


def list_commands() -> Iterator[tuple[str, Any]]:
    """Yield every command that can be run, with the words that call it."""
    yield from _walk("pushline", typer.main.get_command(build()))


def _walk(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield words, command
        return
    for name, child in sorted(children.items()):
        yield from _walk(f"{words} {name}", child)


def _is_argument(parameter: Any) -> bool:
    return not parameter.opts[0].startswith("-")


def _say_argument(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _say_option(parameter: Any) -> tuple[str, str]:
    name = ", ".join([*parameter.opts, *parameter.secondary_opts])
    if not parameter.is_flag:
        name += f" {parameter.metavar or 'VALUE'}"
    words = parameter.help or ""
    if parameter.default not in (None, False, "") and not parameter.is_flag:
        words += f" Default: {parameter.default}."
    return f"`{name}`", words.strip()


def _section(words: str, command: Any) -> str:
    arguments = [one for one in command.params if _is_argument(one)]
    options = [one for one in command.params if not _is_argument(one) and not one.hidden]
    usage = " ".join([words, *map(_say_argument, arguments)])
    parts = [f"## {words}", f"`{usage}`", command.help or ""]
    rows = [(f"`{_say_argument(one)}`", one.help or "") for one in arguments]
    rows += [_say_option(one) for one in options]
    if rows:
        parts.append(make_table(("", ""), rows))
    return "\n\n".join(parts)


def make_commands_page(root: Path) -> str:  # noqa: ARG001 - every page is made the same way
    """Return the page."""
    commands = list(list_commands())
    overview = make_table(
        ("command", ""),
        [
            (f"[{words}](#{words.replace(' ', '-')})", (command.help or "").split("\n", 1)[0])
            for words, command in commands
        ],
    )
    opening = (
        "`make install` puts it into `.venv/bin/pushline`. Errors are one sentence and exit code 1."
    )
    sections = [_section(words, command) for words, command in commands]
    return make_page("Commands", "plugins/pushline/commands", opening, overview, *sections)
