"""What the rules of a row share: the settings they read, and a finding on one of its columns."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pushline.brief.sentences import SENTENCES
from pushline.model import Finding, Language, Severity
from pushline.sentence import Sentence

# The name of a holiday in each language of the page.
HolidayNames = Mapping[str, str]


@lru_cache(maxsize=1)
def read_holidays() -> Mapping[str, HolidayNames]:
    """Return the public holidays of Kazakhstan; the file may be extended.

    Keys are "03-08" for every year, or "2026-05-27" for moving feasts and days off in lieu.
    """
    file = Path(__file__).with_name("holidays.json")
    days: dict[str, HolidayNames] = json.loads(file.read_text(encoding="utf-8"))
    return days


def find_holiday(day: dt.date, holidays: Mapping[str, HolidayNames]) -> HolidayNames | None:
    """Return the names of the holiday that falls on a day, if any."""
    return holidays.get(day.isoformat()) or holidays.get(f"{day:%m-%d}")


@dataclass(frozen=True, slots=True)
class Rules:
    """What an installation lays down for its sheet."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Almaty"))
    default_language: Language = "ru"
    # [from, until) on the wall clock; may pass midnight. None: no quiet hours.
    quiet_hours: tuple[dt.time, dt.time] | None = (dt.time(22), dt.time(9))
    # Empty: any event may be a goal.
    goal_events: tuple[str, ...] = ()
    holidays: Mapping[str, HolidayNames] = field(default_factory=read_holidays)
    # Files of audiences that cannot be used: name -> why, as their writers are told.
    broken_audiences: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A finding on a column; silent when one of `depends_on` could not be read."""

    column: str
    code: str
    sentence: Sentence
    severity: Severity = "error"
    fix: str | None = None
    depends_on: frozenset[str] = frozenset()

    @classmethod
    def of(cls, column: str, finding: Finding, *depends_on: str) -> "Note":
        """Put a finding of the message room at its column."""
        return cls(
            column,
            finding.code,
            finding.sentence,
            finding.severity,
            finding.fix,
            frozenset(depends_on),
        )


def say(
    column: str,
    code: str,
    *,
    fix: str | None = None,
    depends_on: tuple[str, ...] = (),
    **words: object,
) -> Note:
    """Return a note that blocks the row."""
    sentence = Sentence.say(SENTENCES, code, **words)
    return Note(column, code, sentence, "error", fix, frozenset(depends_on))


def warn(
    column: str,
    code: str,
    *,
    fix: str | None = None,
    depends_on: tuple[str, ...] = (),
    **words: object,
) -> Note:
    """Return a note that is shown and does not block."""
    sentence = Sentence.say(SENTENCES, code, **words)
    return Note(column, code, sentence, "warning", fix, frozenset(depends_on))
