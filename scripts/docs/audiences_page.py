"""docs/reference/audiences.md: every audience and trigger file, by its header."""

from pathlib import Path
from typing import Any

from pushline.audience import AUDIENCES, TRIGGERS, Catalogue
from pushline.audience.header import AudienceFile, Column, Parameter
from scripts.docs.tables import make_page, make_table


def _say_value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "empty"
    return f"{value}" or "empty"


def _parameter_row(parameter: Parameter) -> tuple[str, str, str, str]:
    default = "must be given" if parameter.is_required else _say_value(parameter.default)
    return f"`{parameter.name}`", parameter.sql_type, default, parameter.help


def _column_row(column: Column) -> tuple[str, str, str]:
    kind = f"{column.sql_type}, can be empty" if column.is_nullable else column.sql_type
    return f"`{{{{ {column.name} }}}}`", kind, column.help


def _section(file: AudienceFile) -> str:
    parts = [f"### {file.name}", f"{file.title}. Owner: {file.owner}. [SQL](../../{file.where})"]
    if file.parameters:
        rows = [_parameter_row(one) for one in file.parameters.values()]
        parts.append(make_table(("parameter", "type", "default", ""), rows))
    if file.columns:
        columns = [_column_row(one) for one in file.columns.values()]
        parts.append(make_table(("field for the texts", "type", ""), columns))
    return "\n\n".join(parts)


def make_audiences_page(root: Path) -> str:
    """Return the page."""
    parts = [
        "A brief names an audience, with parameters if the defaults do not fit: "
        "`buyers_of_category(category=music, days=30)`. Its texts may use the fields below. "
        "A new audience is a new file in `sql/audiences/`; `pushline audience check NAME` says "
        "whether it holds, how many people it finds and what it costs."
    ]
    for heading, folder in (("Audiences", AUDIENCES), ("Triggers", TRIGGERS)):
        catalogue = Catalogue(folder, root / "sql")
        files = [catalogue.file(name) for name in catalogue.names()]
        overview = [(f"[{file.name}](#{file.name})", file.title) for file in files]
        parts += [f"## {heading}", make_table(("file", "who it finds"), overview)]
        parts += [_section(file) for file in files]
    return make_page("Audiences and triggers", "the headers of sql/audiences, sql/triggers", *parts)
