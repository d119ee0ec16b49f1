"""Calls the files of sql/ by name: one statement each, its header checked against how it is called.

CLAIM_BATCHES = Query("send_queue/claim_batches")
rows = CLAIM_BATCHES.all(conn, worker="a", now=now, max=10)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal, cast

from sqlalchemy import Connection, CursorResult, Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pushline.errors import BadQueryFile
from pushline.settings import get_settings

_KEYS = ("params", "returns", "writes", "why", "severity", "remedy")
_RETURNS = re.compile(r"^(one|many|none)(?:\s*\((.*)\))?$", re.DOTALL)
_NAMED = re.compile(r"^([a-z_][a-z0-9_]*)\s+(\S.*)$", re.DOTALL)
# As SQLAlchemy's text() sees it: not after a colon or a word, not before a colon.
_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


@dataclass(frozen=True)
class Header:
    """What a SQL file says about itself."""

    name: str
    purpose: str
    parameters: Mapping[str, str]
    cardinality: Literal["one", "many", "none"]
    columns: Mapping[str, str]
    writes: Sequence[str]
    why: str = ""
    # Of a file in sql/checks: fail or warn, and what to do about what it finds.
    severity: str = ""
    remedy: str = ""


def _split(text_: str) -> list[str]:
    """Split at commas outside parentheses."""
    parts, depth, start = [], 0, 0
    for position, letter in enumerate(text_):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(text_[start:position])
            start = position + 1
    parts.append(text_[start:])
    return [part.strip() for part in parts if part.strip()]


def _named(items: str, where: str) -> dict[str, str]:
    if items.strip().rstrip(".").lower() in ("none", ""):
        return {}
    named = {}
    for item in _split(items):
        match = _NAMED.match(item)
        if not match:
            raise BadQueryFile(f"{where}: write `name type`, separated by commas; found {item!r}.")
        named[match[1]] = " ".join(match[2].split())
    return named


def split_header(source: str) -> tuple[list[str], str]:
    """Separate the leading comment lines from the statement."""
    lines = source.splitlines()
    end = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return [line[2:].strip() for line in lines[:end]], "\n".join(lines[end:]).strip()


def parse_header(comments: Sequence[str], where: str) -> Header:
    """Read the header's lines; a line without a known key continues the one before.

    Raises BadQueryFile with the file's name and what to write instead.
    """
    if not comments or ":" not in comments[0]:
        raise BadQueryFile(f"{where}: the first line must be `-- verb_object: what it is for.`")
    name, purpose = comments[0].split(":", 1)
    parts: dict[str, str] = {"purpose": purpose}
    key = "purpose"
    for line in comments[1:]:
        head, colon, rest = line.partition(":")
        if colon and head in _KEYS:
            if head in parts:
                raise BadQueryFile(f"{where}: `-- {head}:` stands twice in the header.")
            key, line_text = head, rest
        else:
            line_text = line
        parts[key] = f"{parts.get(key, '')} {line_text}".strip()
    for key in ("params", "returns", "writes"):
        if not parts.get(key):
            raise BadQueryFile(f"{where}: the header lacks `-- {key}: ...`; write none or nothing.")
    match = _RETURNS.match(parts["returns"].rstrip("."))
    if not match:
        raise BadQueryFile(
            f"{where}: write `-- returns: one|many|none (column type, ...)`, "
            f"not {parts['returns']!r}."
        )
    writes = [] if parts["writes"].rstrip(".") in ("nothing", "none") else _split(parts["writes"])
    return Header(
        name=name.strip(),
        purpose=parts["purpose"].strip(),
        parameters=_named(parts["params"], f"{where}, params"),
        cardinality=cast("Literal['one', 'many', 'none']", match[1]),
        columns=_named(match[2] or "", f"{where}, returns"),
        writes=writes,
        why=parts.get("why", ""),
        severity=parts.get("severity", ""),
        remedy=parts.get("remedy", ""),
    )


@dataclass(frozen=True)
class Query:
    """One statement of sql/, read at its first use.

    `name` is the path below sql/ without the suffix. The driver keeps one prepared plan a text: a
    `label` gives the same statement a plan of its own. `constants` are parameters that stand in the
    text as true, false or null: Postgres leaves out of the plan what they rule out. `folder` is for
    tests.
    """

    name: str
    folder: Path | None = field(default=None, compare=False)
    label: str = ""
    constants: tuple[tuple[str, bool | None], ...] = ()

    known: ClassVar[dict[str, "Query"]] = {}

    def __post_init__(self) -> None:
        Query.known[self.name] = self

    @property
    def path(self) -> Path:
        """The file."""
        return (self.folder or get_settings().sql_dir) / f"{self.name}.sql"

    @cached_property
    def _parts(self) -> tuple[Header, str]:
        try:
            source = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise BadQueryFile(f"sql/{self.name}.sql does not exist.") from None
        where = f"sql/{self.name}.sql"
        comments, body = split_header(source)
        header = parse_header(comments, where)
        if header.name != self.path.stem:
            raise BadQueryFile(
                f"{where}: the header says {header.name!r}; write `-- {self.path.stem}: ...`."
            )
        body = body.rstrip().removesuffix(";")
        used = set(_BIND.findall(body))
        if used != set(header.parameters):
            raise BadQueryFile(
                f"{where}: the header names {sorted(header.parameters)}, "
                f"the statement uses {sorted(used)}; make them equal."
            )
        return header, body

    @property
    def header(self) -> Header:
        """What the file says about itself."""
        return self._parts[0]

    @property
    def sql_text(self) -> str:
        """The statement without its header, parameters as `:name`."""
        return self._parts[1]

    @cached_property
    def clause(self) -> TextClause:
        """The statement for SQLAlchemy; check() its parameters when you execute it yourself.

        Without its indents: the driver reads a text of more than 4,096 letters anew each time.
        """
        words = {
            name: "null" if value is None else str(value).lower() for name, value in self.constants
        }
        body = _BIND.sub(lambda found: words.get(found[1], found[0]), self.sql_text)
        body = _INDENT.sub("", body)
        return text(f"/* {self.label} */ {body}" if self.label else body)

    def check(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters, or raise BadQueryFile when they are not those of the header."""
        wanted = set(self.header.parameters) - {name for name, _ in self.constants}
        missing = sorted(wanted - set(parameters))
        unknown = sorted(set(parameters) - wanted)
        if missing or unknown:
            faults = [f"without {', '.join(missing)}"] if missing else []
            faults += [f"with the unknown {', '.join(unknown)}"] if unknown else []
            raise BadQueryFile(f"sql/{self.name}.sql was called {' and '.join(faults)}.")
        return dict(parameters)

    def run(self, conn: Connection, **parameters: Any) -> CursorResult[Any]:
        """Execute and hand back SQLAlchemy's result."""
        return conn.execute(self.clause, self.check(parameters))

    def all(self, conn: Connection, **parameters: Any) -> Sequence[Row[Any]]:
        """Every row."""
        return self.run(conn, **parameters).all()

    def one(self, conn: Connection, **parameters: Any) -> Row[Any]:
        """The only row; anything else is an error."""
        return self.run(conn, **parameters).one()

    def one_or_none(self, conn: Connection, **parameters: Any) -> Row[Any] | None:
        """The only row, or None."""
        return self.run(conn, **parameters).one_or_none()

    def scalar(self, conn: Connection, **parameters: Any) -> Any:
        """First column of the first row, or None without a row."""
        return self.run(conn, **parameters).scalar()

    def execute(self, conn: Connection, **parameters: Any) -> int:
        """Execute for its effect; the number of rows that it touched."""
        return self.run(conn, **parameters).rowcount

    async def run_async(self, conn: AsyncConnection, **parameters: Any) -> CursorResult[Any]:
        """Execute on an async connection."""
        return await conn.execute(self.clause, self.check(parameters))
