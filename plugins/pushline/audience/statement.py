"""Puts an audience's SELECT into our statements: the only place where SQL is composed.

Our statements (sql/audience/read_*.sql) read a relation `audience`; here it becomes the SELECT of
the file, as a CTE that Postgres inlines. Parameters stay parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql

from pushline.audience.guard import find_parameters
from pushline.audience.header import RESERVED, AudienceFile
from pushline.database.sql import Query
from pushline.errors import BadQueryFile

JSON_ARRAY_SINCE = 160000  # server version with the SQL standard's json_array


@dataclass(frozen=True)
class Selection:
    """An audience with its values, ready to be read."""

    file: AudienceFile
    values: Mapping[str, Any]

    @classmethod
    def of(cls, file: AudienceFile, given: Mapping[str, Any] | None, now: datetime) -> "Selection":
        """Bind parameters; raises GiveUpRow when a value does not fit."""
        return cls(file, {"now": now} | file.values(given or {}))

    def select(self) -> sql.Composed:
        """The file's SELECT with typed placeholders."""
        statement, parts, end = self.file.statement, [], 0
        for start, stop, name in find_parameters(statement):
            parts += [sql.SQL(_escape(statement[end:start])), self._placeholder(name)]
            end = stop
        parts.append(sql.SQL(_escape(statement[end:])))
        return sql.Composed(parts)

    def _placeholder(self, name: str) -> sql.Composable:
        sql_type = RESERVED.get(name) or self.file.parameters[name].sql_type
        return sql.SQL("CAST({} AS {})").format(sql.Placeholder(name), sql.SQL(sql_type))


def _escape(text: str) -> str:
    return text.replace("%", "%%")


def _check_fields(file: AudienceFile, field_names: Sequence[str]) -> None:
    unknown = [name for name in field_names if name not in file.columns]
    if unknown:
        raise BadQueryFile(
            f"{file.where} has no column {', '.join(unknown)}, which the texts use. "
            f"It has {', '.join(file.columns) or 'none'}."
        )


def _fields(field_names: Sequence[str], server_version: int) -> sql.Composable:
    """One user's fields as the text of a JSON array; null stays null."""
    if not field_names:
        return sql.SQL("CAST(NULL AS text)")
    columns = sql.SQL(", ").join(sql.Identifier("q", name) for name in field_names)
    # A fifth cheaper than json_build_array: no look-up of output functions per row.
    if server_version >= JSON_ARRAY_SINCE:
        return sql.SQL("json_array({} NULL ON NULL RETURNING text)").format(columns)
    return sql.SQL("CAST(json_build_array({}) AS text)").format(columns)


def compose(
    query: Query,
    selection: Selection,
    *,
    field_names: Sequence[str] = (),
    server_version: int = 0,
    **parameters: Any,
) -> tuple[sql.Composed, dict[str, Any]]:
    """Return one statement over `audience (user_id, fields)` and its parameters, for psycopg.

    At most `row_cap` + 1 rows of the audience are read; `row_cap` must be among the parameters.
    """
    _check_fields(selection.file, field_names)
    row_cap = parameters.pop("row_cap")
    query.check(parameters)
    statement = sql.SQL(
        "WITH audience AS (\n"
        "    SELECT CAST(q.user_id AS bigint) AS user_id, {fields} AS fields FROM (\n"
        "{select}\n"
        "    ) AS q LIMIT {row_cap}\n"
        ")\n{body}"
    ).format(
        fields=_fields(field_names, server_version),
        select=selection.select(),
        row_cap=sql.Placeholder("pushline_row_cap"),
        body=_ours(query),
    )
    ours = {f"pushline_{name}": value for name, value in parameters.items()}
    return statement, dict(selection.values) | ours | {"pushline_row_cap": row_cap + 1}


def _ours(query: Query) -> sql.SQL:
    """Our own statement with its parameters renamed, so that no file's parameter hides them."""
    text, parts, end = query.sql_text, [], 0
    for start, stop, name in find_parameters(text):
        parts += [_escape(text[end:start]), f"%(pushline_{name})s"]
        end = stop
    return sql.SQL("".join([*parts, _escape(text[end:])]))


def compose_columns(
    selection: Selection, names: Sequence[str], row_cap: int
) -> tuple[sql.Composed, dict[str, Any]]:
    """Return a statement that reads columns of the first rows as they are."""
    statement = sql.SQL("SELECT {columns} FROM (\n{select}\n) AS q LIMIT {row_cap}").format(
        columns=sql.SQL(", ").join(sql.Identifier("q", name) for name in names),
        select=selection.select(),
        row_cap=sql.Placeholder("pushline_row_cap"),
    )
    return statement, dict(selection.values) | {"pushline_row_cap": row_cap}


def compose_nulls(
    selection: Selection, names: Sequence[str], row_cap: int
) -> tuple[sql.Composed, dict[str, Any]]:
    """Return a statement that counts rows and, per column, the empty values."""
    counts = [sql.SQL("count(*) AS {}").format(sql.Identifier("pushline_rows"))] + [
        sql.SQL("count(*) - count({}) AS {}").format(
            sql.Identifier("q", name), sql.Identifier(name)
        )
        for name in names
    ]
    statement = sql.SQL(
        "SELECT {counts} FROM (SELECT * FROM (\n{select}\n) AS everything LIMIT {row_cap}) AS q"
    ).format(
        counts=sql.SQL(", ").join(counts),
        select=selection.select(),
        row_cap=sql.Placeholder("pushline_row_cap"),
    )
    return statement, dict(selection.values) | {"pushline_row_cap": row_cap}
