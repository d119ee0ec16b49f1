"""The header of an audience or trigger file: title, owner, typed parameters, columns.

-- title: Buyers of a category
-- owner: data-team
-- param days int default 30: how many days back
-- column first_name text nullable: name for the texts
SELECT ...
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal, TypeVar

from pushline.database.sql import split_header
from pushline.errors import BadQueryFile, GiveUpRow
from pushline.model import AudienceCard, AudienceColumn, AudienceParameter

ParameterType = Literal["text", "integer", "number", "date", "boolean", "list"]

# As written in a header: how Postgres calls it, how a brief calls it.
TYPES: Mapping[str, tuple[str, ParameterType]] = {
    "text": ("text", "text"),
    "int": ("integer", "integer"),
    "integer": ("integer", "integer"),
    "bigint": ("bigint", "integer"),
    "numeric": ("numeric", "number"),
    "number": ("numeric", "number"),
    "date": ("date", "date"),
    "bool": ("boolean", "boolean"),
    "boolean": ("boolean", "boolean"),
    "text[]": ("text[]", "list"),
    "list": ("text[]", "list"),
}
INTEGERS = {"integer": 2**31, "bigint": 2**63}
_Item = TypeVar("_Item")
RESERVED = {"now": "timestamptz"}

_PARAMETER = re.compile(
    r"^param\s+([a-z_][a-z0-9_]*)\s+(\S+?)"
    r"(?:\s+default\s+('(?:[^']|'')*'|[^:']+?))?\s*:\s*(.+)$"
)
_COLUMN = re.compile(r"^column\s+([a-z_][a-z0-9_]*)\s+(\S+?)(\s+nullable)?\s*:\s*(.+)$")
_TEXT = re.compile(r"^(title|owner)\s*:\s*(.+)$")


@dataclass(frozen=True)
class Parameter:
    """A typed parameter; without a default the caller must give a value."""

    name: str
    sql_type: str
    kind: ParameterType
    help: str
    default: Any = None
    is_required: bool = False

    def convert(self, value: Any) -> Any:
        """Return a value as the statement wants it; raises GiveUpRow with what to write."""
        try:
            return self._convert(value)
        except (TypeError, ValueError, InvalidOperation):
            raise GiveUpRow(
                f"The parameter {self.name} is {value!r}; write {_EXAMPLES[self.kind]}."
            ) from None

    def _convert(self, value: Any) -> Any:
        if value is None or (isinstance(value, bool) and self.kind != "boolean"):
            raise ValueError
        if self.kind == "integer":
            return self._whole(value)
        return _CONVERTERS[self.kind](value)

    def _whole(self, value: Any) -> int:
        number = int(value.strip()) if isinstance(value, str) else int(value)
        if number != value and not isinstance(value, str):
            raise ValueError
        limit = INTEGERS[self.sql_type]
        if not -limit <= number < limit:
            raise ValueError
        return number


_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_EXAMPLES: Mapping[ParameterType, str] = {
    "integer": "a whole number like 30",
    "number": "a number like 9.5",
    "date": "a day like 2026-11-21",
    "boolean": "true or false",
    "list": "words separated by commas",
    "text": "a text",
}


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        raise ValueError  # noqa: TRY004 - a moment is no day, whatever its type
    return value if isinstance(value, date) else date.fromisoformat(str(value).strip())


def _number(value: Any) -> Decimal:
    number = Decimal(str(value).strip())
    if not number.is_finite():
        raise ValueError
    return number


def _truth(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _BOOLEANS:
        raise ValueError
    return _BOOLEANS[word]


def _words(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return value


def _items(value: Any) -> list[str]:
    items = value.split(",") if isinstance(value, str) else list(value)
    if not all(isinstance(item, str) and "\0" not in item for item in items):
        raise ValueError
    return [item.strip() for item in items if item.strip()]


_CONVERTERS: Mapping[ParameterType, Callable[[Any], Any]] = {
    "number": _number,
    "date": _day,
    "boolean": _truth,
    "list": _items,
    "text": _words,
}


@dataclass(frozen=True)
class Column:
    """A column that texts may use."""

    name: str
    sql_type: str
    help: str
    is_nullable: bool = False


@dataclass(frozen=True)
class AudienceFile:
    """One file: what its header says, and its statement."""

    name: str
    where: str
    source: str
    statement: str
    title: str
    owner: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a value for every parameter: the given one, else the default.

        Raises GiveUpRow for an unknown parameter, a missing one, or a value of the wrong type.
        """
        unknown = sorted(set(given) - set(self.parameters))
        if unknown:
            known = ", ".join(self.parameters) or "none"
            raise GiveUpRow(
                f"The audience {self.name} has no parameter {', '.join(unknown)}; it has {known}."
            )
        missing = [
            name for name, p in self.parameters.items() if p.is_required and name not in given
        ]
        if missing:
            raise GiveUpRow(f"The audience {self.name} needs a value for {', '.join(missing)}.")
        return {
            name: parameter.convert(given[name]) if name in given else parameter.default
            for name, parameter in self.parameters.items()
        }

    @property
    def sha256(self) -> str:
        """Digest of the whole file; line ends do not count."""
        return hashlib.sha256(self.source.encode()).hexdigest()

    def card(self) -> AudienceCard:
        """Return what a brief needs to know; `sql` is the whole file, defaults included."""
        return AudienceCard(
            name=self.name,
            title=self.title,
            parameters={
                p.name: AudienceParameter(p.name, p.sql_type, p.default, (), p.is_required)
                for p in self.parameters.values()
            },
            columns={
                c.name: AudienceColumn(c.name, c.is_nullable, type=c.sql_type)
                for c in self.columns.values()
            },
            sql=self.source,
        )


def _entries(comments: list[str], where: str) -> list[str]:
    """Join lines that continue the one before: they begin with no key."""
    entries: list[str] = []
    for line in comments:
        if re.match(r"^(title|owner)\s*:|^(param|column)\s", line):
            entries.append(line)
        elif entries and line:
            entries[-1] += f" {line}"
        elif line:
            raise BadQueryFile(f"{where}: begin the header with `-- title: ...`, not {line!r}.")
    return entries


def _parameter(entry: str, where: str) -> Parameter:
    match = _PARAMETER.match(entry)
    if not match:
        raise BadQueryFile(
            f"{where}: write `-- param NAME TYPE default VALUE: text`; found `-- {entry}`."
        )
    name, written_type, default, text = match.groups()
    if written_type not in TYPES:
        raise BadQueryFile(
            f"{where}: {written_type!r} is no type of a parameter; use one of {', '.join(TYPES)}."
        )
    if name in RESERVED:
        raise BadQueryFile(
            f"{where}: :{name} is given by Pushline; call the parameter something else."
        )
    sql_type, kind = TYPES[written_type]
    if default is None:
        return Parameter(name, sql_type, kind, text, is_required=True)
    if default.startswith("'"):
        default = default[1:-1].replace("''", "'")
    parameter = Parameter(name, sql_type, kind, text)
    try:
        value = parameter.convert(default)
    except GiveUpRow as error:
        raise BadQueryFile(f"{where}, default of {name}: {error}") from None
    return Parameter(name, sql_type, kind, text, value)


def _column(entry: str, where: str) -> Column:
    match = _COLUMN.match(entry)
    if not match:
        raise BadQueryFile(
            f"{where}: write `-- column NAME TYPE [nullable]: text`; found `-- {entry}`."
        )
    return Column(match[1], match[2], match[4], match[3] is not None)


def _read_entries(
    entries: list[str], where: str
) -> tuple[dict[str, str], dict[str, Parameter], dict[str, Column]]:
    texts: dict[str, str] = {}
    parameters: dict[str, Parameter] = {}
    columns: dict[str, Column] = {}
    for entry in entries:
        text = _TEXT.match(entry)
        if text:
            _put(texts, text[1], text[2].strip(), where)
        elif entry.startswith("param"):
            parameter = _parameter(entry, where)
            _put(parameters, parameter.name, parameter, where)
        elif entry.startswith("column"):
            column = _column(entry, where)
            _put(columns, column.name, column, where)
        else:
            raise BadQueryFile(f"{where}: `-- {entry}` says nothing; write what it is.")
    for key in ("title", "owner"):
        if key not in texts:
            raise BadQueryFile(f"{where}: the header lacks `-- {key}: ...`.")
    return texts, parameters, columns


def _put(items: dict[str, _Item], name: str, item: _Item, where: str) -> None:
    if name in items:
        raise BadQueryFile(f"{where}: the header says {name} twice.")
    if name == "user_id":
        raise BadQueryFile(f"{where}: user_id is always there; the header need not say it.")
    items[name] = item


def _refuse_hidden_letters(source: str, where: str) -> None:
    """What cannot be seen, or turns the reading direction, makes a reviewer read another file."""
    hidden = [
        letter
        for letter in set(source) - set("\n\r\t")
        if unicodedata.category(letter) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    ]
    if hidden:
        place = min(source.index(letter) for letter in hidden)
        raise BadQueryFile(
            f"{where}, line {source.count(chr(10), 0, place) + 1}: the invisible character "
            f"U+{ord(source[place]):04X} stands there. Delete it."
        )


@lru_cache(maxsize=512)
def parse_file(name: str, where: str, source: str) -> AudienceFile:
    """Read a file's header; raises BadQueryFile with the place and what to write instead."""
    source = source.removeprefix("\ufeff")
    _refuse_hidden_letters(source, where)
    source = "\n".join(source.splitlines())
    comments, statement = split_header(source)
    texts, parameters, columns = _read_entries(_entries(comments, where), where)
    if not statement:
        raise BadQueryFile(f"{where}: below the header one SELECT must follow.")
    return AudienceFile(
        name=name,
        where=where,
        source=source,
        statement=statement.rstrip().removesuffix(";").rstrip(),
        title=texts["title"],
        owner=texts["owner"],
        parameters=parameters,
        columns=columns,
    )
