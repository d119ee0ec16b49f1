"""Writes the reference pages from the code: `make docs`; with --check, says what is out of date."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from pushline.cli import build
from pushline.database.sql import parse_header, split_header
from pushline.settings import CHECKOUT, Settings

DOCS = CHECKOUT / "docs" / "reference"
NOTE = "<!-- Written by `make docs`; change the code instead. -->\n"
# Files with a header of their own kind.
OTHER_HEADERS = {"migrations", "audiences", "triggers", "checks", "marts", "sources"}


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _table(columns: list[str], rows: list[list[object]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n"


def _default(value: object) -> str:
    if isinstance(value, Path) and value.is_relative_to(CHECKOUT):
        return f"`<checkout>/{value.relative_to(CHECKOUT)}`"
    return "" if value in ("", None) else f"`{value}`"


def describe_settings() -> str:
    """Every PUSHLINE_ variable."""
    rows: list[list[object]] = [
        [f"`PUSHLINE_{name.upper()}`", field.description, _default(field.default)]
        for name, field in Settings.model_fields.items()
    ]
    return "# Settings\n\n" + _table(["variable", "what for", "default"], rows)


def describe_dags() -> str:
    """Every DAG with its own page's text."""
    parts = ["# DAGs"]
    for path in sorted((CHECKOUT / "dags").glob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        parts.append(f"## {path.stem}\n\n{text}")
    return "\n\n".join(parts) + "\n"


def _commands(command: typer.core.TyperCommand, path: str) -> Iterator[list[object]]:
    for name, one in sorted(getattr(command, "commands", {}).items()):
        if hasattr(one, "commands"):
            yield from _commands(one, f"{path} {name}")
            continue
        words = [
            (parameter.name or "").upper() if parameter.param_type_name == "argument" else option
            for parameter in one.params
            for option in [max(parameter.opts, key=len)]
            if option != "--help"
        ]
        yield [f"`{path} {name}`", one.get_short_help_str(200), " ".join(words)]


def describe_commands() -> str:
    """Every command of the CLI."""
    rows = list(_commands(typer.main.get_command(build()), "pushline"))
    return "# Commands\n\n" + _table(["command", "what it does", "takes"], rows)


def describe_sql() -> str:
    """Every statement of sql/ by room: what for, what it writes."""
    parts = ["# SQL files"]
    for room in sorted(path for path in (CHECKOUT / "sql").iterdir() if path.is_dir()):
        if room.name in OTHER_HEADERS:
            continue
        rows: list[list[object]] = []
        for path in sorted(room.glob("*.sql")):
            comments, _ = split_header(path.read_text(encoding="utf-8"))
            if path.name.startswith(("function_", "view_")):
                rows.append([f"`{path.stem}`", comments[0].partition(":")[2].strip(), ""])
                continue
            header = parse_header(comments, str(path.relative_to(CHECKOUT)))
            rows.append([f"`{path.stem}`", header.purpose, ", ".join(header.writes)])
        if rows:
            parts.append(f"## {room.name}\n\n{_table(['file', 'what for', 'writes'], rows)}")
    return "\n\n".join(parts)


PAGES = {
    "settings.md": describe_settings,
    "dags.md": describe_dags,
    "commands.md": describe_commands,
    "sql.md": describe_sql,
}


def main() -> int:
    """Write the pages, or with --check compare them; returns the exit code."""
    pages = {DOCS / name: NOTE + describe() for name, describe in PAGES.items()}
    if "--check" in sys.argv:
        old = [
            path for path, text in pages.items() if not path.exists() or path.read_text() != text
        ]
        for path in old:
            print(f"{path.relative_to(CHECKOUT)} is out of date: make docs")
        return 1 if old else 0
    DOCS.mkdir(exist_ok=True)
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
