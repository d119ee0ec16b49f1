"""Value types that more than one room speaks: findings, problems, what an audience offers."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pushline.sentence import Sentence

Language = Literal["ru", "kk", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "kk", "en")

# error blocks the row, warning is shown and does not block.
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in one text or link; `fix` is a value that would pass, if one is known."""

    code: str
    sentence: Sentence
    severity: Severity = "error"
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding at its place in a sheet: row as the user's program numbers it, column by key."""

    row: int | None
    column: str
    value: str
    code: str
    sentence: Sentence
    severity: Severity = "error"
    fix: str | None = None

    def as_dict(self, language: str = "en") -> dict[str, object]:
        """Return the problem as plain values, for JSON."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "sentence": self.sentence.text(language),
            "severity": self.severity,
            "fix": self.fix,
        }


@dataclass(frozen=True, slots=True)
class AudienceParameter:
    """One parameter of an audience file; `type` is Postgres's name: int, text, date, text[]."""

    name: str
    type: str = "text"
    default: Any = None
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class AudienceColumn:
    """A column that texts may use: how often it is empty (0 to 1), and its longest value seen.

    type: Postgres's name for it; without a longest value it tells what a sample looks like.
    """

    name: str
    nullable: bool = False
    empty_share: float | None = None
    longest: str = ""
    type: str = "text"


@dataclass(frozen=True, slots=True)
class AudienceCard:
    """What a brief needs to know of an audience file."""

    name: str
    title: str = ""
    parameters: Mapping[str, AudienceParameter] = field(default_factory=dict)
    columns: Mapping[str, AudienceColumn] = field(default_factory=dict)
    sql: str = ""


# The audiences there are, by name; the room `audience` makes one.
AudienceCatalogue = Mapping[str, AudienceCard]


class TextChecks(Protocol):
    """Checks of texts and links that the room `message` offers to whoever reads a sheet."""

    def check_link(self, link: str, /) -> Sequence[Finding]:
        """Say what is wrong with where a push leads."""

    def check_image(self, link: str, /) -> Sequence[Finding]:
        """Say what is wrong with the address of a picture."""

    def check_template(
        self, text: str, columns: Mapping[str, AudienceColumn] | None, /
    ) -> Sequence[Finding]:
        """Say what is wrong with a personal text; None for columns: audience not chosen yet."""

    def check_fit(
        self,
        text: str,
        place: Literal["title", "body"],
        columns: Mapping[str, AudienceColumn] | None,
        /,
    ) -> Sequence[Finding]:
        """Say where phones will cut the text."""

    def suggest_campaign(self, text: str, /) -> str | None:
        """Return the nearest utm_campaign that is allowed, if there is one."""


def hash_sql_texts(texts: Mapping[str, str]) -> str:
    """Return one sha256 (hex) over the SQL of an audience and its exclusions, by name.

    Approval binds to it: a file changed afterwards gives another hash. Line ends do not count.
    """
    digest = hashlib.sha256()
    for name in sorted(texts):
        lines = "\n".join(texts[name].splitlines())
        digest.update(f"{name}\0{lines}\0".encode())
    return digest.hexdigest()
