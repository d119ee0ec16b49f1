"""Checks one row whole: cells, then what depends on other cells, the clock and the audiences.

All problems come at once: a cell that cannot be read is taken as empty for the other rules, and
rules that stumble over it stay silent.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from pushline.brief.cells import clean_text
from pushline.brief.check_audience import check_audience
from pushline.brief.check_schedule import check_bounds, check_schedule
from pushline.brief.check_texts import check_texts
from pushline.brief.notes import Note, Rules, say, warn
from pushline.brief.sheet import COLUMNS, SheetRow
from pushline.brief.status import LABELS, WRITABLE, Status
from pushline.model import AudienceCatalogue, Problem, TextChecks

_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with all that was found; `row` is usable only if there is no error."""

    number: int | None
    row: SheetRow
    problems: tuple[Problem, ...]
    landing: Status

    @property
    def is_good(self) -> bool:
        """Tell whether nothing blocks the row."""
        return all(problem.severity != "error" for problem in self.problems)


def check_row(
    cells: Mapping[str, object],
    *,
    now: dt.datetime,
    rules: Rules,
    audiences: AudienceCatalogue,
    texts: TextChecks,
    number: int | None = None,
) -> CheckedRow:
    """Check one row; `cells` by column key, as any source gives them; `now` aware."""
    row, notes = _read_cells(cells, texts)
    # What comes after these may count with the dates that are left.
    far = list(check_bounds(row, rules, now))
    row = row.model_copy(update=dict.fromkeys(note.column for note in far))
    notes += far
    broken = {note.column for note in notes}
    landing = find_landing(row)
    found = [
        *check_required(row, landing, rules),
        *_check_status(row, landing),
        *check_texts(row, landing, rules, audiences, texts),
        *check_schedule(row, rules, now),
        *check_audience(row, rules, audiences),
    ]
    notes += [note for note in found if not broken & {note.column, *note.depends_on}]
    order = {key: place for place, key in enumerate(COLUMNS)}
    notes.sort(key=lambda note: order.get(note.column, -1))
    problems = tuple(make_problem(note, cells.get(note.column), number) for note in notes)
    return CheckedRow(number, row, problems, landing)


def check_required(row: SheetRow, landing: Status, rules: Rules) -> Iterable[Note]:
    """Yield the empty cells that the status needs."""
    language = rules.default_language
    needed = ["idea"]
    if landing != "idea":
        needed += [f"title_{language}", f"text_{language}", "link", "utm_campaign", "send_at"]
    if landing == "audience_ready":
        needed.append("audience")
    for key in needed:
        if not getattr(row, key):
            yield say(key, "required", header=COLUMNS[key].header)


def find_landing(row: SheetRow) -> Status:
    """Return the status a row asks for: the written one, else as far as its cells reach."""
    if row.status in WRITABLE:
        return row.status
    if row.audience:
        return "audience_ready"
    has_texts = any(getattr(row, f"title_{name}") for name in ("ru", "kk", "en"))
    return "texts_ready" if has_texts else "idea"


def make_problem(note: Note, value: object, number: int | None) -> Problem:
    """Put a note at its place in the file."""
    shown = (clean_text(value) or "").removesuffix(" 00:00:00")
    if len(shown) > _LONGEST_SHOWN:
        shown = shown[:_LONGEST_SHOWN] + "…"
    return Problem(number, note.column, shown, note.code, note.sentence, note.severity, note.fix)


def _read_cells(cells: Mapping[str, object], texts: TextChecks) -> tuple[SheetRow, list[Note]]:
    known = {key: value for key, value in cells.items() if key in COLUMNS}
    try:
        return SheetRow.model_validate(known), []
    except ValidationError as error:
        notes = [
            say(
                str(item["loc"][0]),
                str(item["type"]),
                fix=item["ctx"]["fix"],
                **item["ctx"]["words"],
            )
            for item in error.errors()
        ]
    broken = {note.column for note in notes}
    notes = [_add_fix(note, known.get(note.column), texts) for note in notes]
    good = {key: value for key, value in known.items() if key not in broken}
    return SheetRow.model_validate(good), notes


def _add_fix(note: Note, value: object, texts: TextChecks) -> Note:
    if note.code != "utm_slug":
        return note
    slug = texts.suggest_campaign(clean_text(value) or "")
    return say(note.column, note.code, fix=slug, hint=f": {slug}" if slug else "")


def _check_status(row: SheetRow, landing: Status) -> Iterable[Note]:
    if row.status and row.status not in WRITABLE:
        yield warn("status", "status_by_import", value=LABELS[row.status], landed=LABELS[landing])
