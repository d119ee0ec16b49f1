"""What a dry run counted, in words: for the log of its task and for the page of its Airflow run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.report.sentences import name_end, name_reason
from pushline.sentence import Sentence, Wordings

GET_DRY_RUN = Query("report/get_dry_run")

SENTENCES: dict[str, Wordings] = {
    "dry_run": (
        "A dry run: it only counted, nothing was planned and nobody gets anything.",
        "Пробный запуск: он только посчитал, ничего не запланировано, никто ничего не получит.",
        "Сынақ іске қосу: тек санады, ештеңе жоспарланған жоқ, ешкім ештеңе алмайды.",
    ),
    "nothing": (
        "Nothing is due now. Name a run or a brief to count it before its time.",
        "Сейчас отправлять нечего. Чтобы посчитать раньше срока, назовите рассылку или бриф.",
        "Қазір жіберетін ештеңе жоқ. Мерзімінен бұрын санау үшін жіберілімді не брифті атаңыз.",
    ),
    "each_alone": (
        "Each is counted as if it were sent alone; sent together they take slots from each other.",
        "Каждая посчитана так, будто её отправят одну; вместе они занимают места друг у друга.",
        "Әрқайсысы жеке жіберілетіндей саналды; бірге олар бір-бірінің орындарын алады.",
    ),
    "would_get": ("would get it", "получили бы", "алар еді"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What one run or brief would do: users and reasons, or why it could not be counted."""

    title: str
    campaign_code: str
    audience: int
    would_reach: int
    left_out: tuple[tuple[str, str, int], ...]
    fault: str

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Counted":
        """Take what was kept; reasons are {code, rule_title, users}."""
        left_out = tuple(
            (one["code"], one["rule_title"], int(one["users"])) for one in values["left_out"]
        )
        return cls(
            values["title"],
            values["campaign_code"],
            values["audience"],
            values["would_reach"],
            left_out,
            values["fault"],
        )

    def steps(self, language: str = "en") -> Iterator[tuple[str, int, int]]:
        """Yield (words, users, depth), as a run's funnel does."""
        yield name_end("audience", language), self.audience, 0
        for code, rule_title, users in self.left_out:
            yield name_reason(code, rule_title, language), users, 1
        yield say("would_get", language), self.would_reach, 0


@dataclass(frozen=True, slots=True)
class DryRun:
    """All that one dry run counted, at one moment."""

    counted_at: datetime
    zone: str
    counted: tuple[Counted, ...]


def say(code: str, language: str = "en") -> str:
    """Return a sentence about dry runs."""
    return Sentence.say(SENTENCES, code).text(language)


def find_dry_run(conn: Connection, dag_id: str, dag_run_id: str) -> DryRun | None:
    """Return what an Airflow run counted; None when it was no dry run."""
    row = GET_DRY_RUN.one_or_none(conn, dag_id=dag_id, dag_run_id=dag_run_id)
    if row is None:
        return None
    return DryRun(row.counted_at, row.project_zone, tuple(map(Counted.read, row.counted)))


def tell_dry_run(counted: Sequence[Mapping[str, Any]]) -> str:
    """Return what a dry run counted as lines of text, for a log."""
    lines = [say("dry_run")]
    if not counted:
        lines.append(say("nothing"))
    for one in map(Counted.read, counted):
        lines += ["", one.title]
        if one.fault:
            lines.append(f"  {one.fault}")
            continue
        for words, users, depth in one.steps():
            lines.append(f"  {'  ' * depth}{words:<60}{'-' if depth else ''}{users:,}")
    if len(counted) > 1:
        lines += ["", say("each_alone")]
    return "\n".join(lines)
