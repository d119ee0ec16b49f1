"""Tells who each row of the tab is: by its ID, never by its place.

A row that lost its ID (a column was deleted, a cell cleared, an ID overwritten) is known again by
what it says, as long as its campaign stands nowhere else in the tab.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pushline.brief.sheet_store import SheetRecord
from pushline.google_sheet.likeness import Remembered, Twins
from pushline.google_sheet.memory import Memory, SeenRow
from pushline.google_sheet.sentences import say
from pushline.google_sheet.table import CODE, Table, TableRow
from pushline.sentence import Sentence

ENDED = ("sent", "cancelled")


@dataclass(slots=True)
class Identities:
    """Rows by who they are. known: campaigns of the page; adopted: rows that carry a reserved code.

    new: rows that want a code. refused: place -> sentence; the row is not read. restored: codes
    whose ID cell has to be written again.
    """

    known: dict[str, TableRow] = field(default_factory=dict)
    adopted: dict[str, TableRow] = field(default_factory=dict)
    new: list[TableRow] = field(default_factory=list)
    refused: dict[int, tuple[TableRow, Sentence]] = field(default_factory=dict)
    restored: set[str] = field(default_factory=set)

    @property
    def codes(self) -> set[str]:
        """Every code that stands in the tab."""
        return {*self.known, *self.adopted}


def identify(table: Table, memory: Memory, records: Mapping[str, SheetRecord]) -> Identities:
    """Tell who the rows are."""
    found = Identities()
    by_code: dict[str, list[TableRow]] = {}
    for row in table.rows:
        if row.code in records or _is_reserved(memory, row.code):
            by_code.setdefault(row.code, []).append(row)
        elif row.code and CODE.fullmatch(row.code):
            found.refused[row.place] = (row, say("unknown_campaign", code=row.code))
        elif row.code:
            found.refused[row.place] = (row, say("bad_campaign_id"))
    for code, rows in by_code.items():
        owner = _choose_owner(rows, memory.rows.get(code))
        (found.known if code in records else found.adopted)[code] = owner
        sentence = say("same_id_twice", code=code, other=owner.place + 1)
        found.refused |= {row.place: (row, sentence) for row in rows if row is not owner}
    nameless = [row for row in table.rows if not row.code and row.texts]
    _recognise(found, nameless, memory, records)
    return found


def _is_reserved(memory: Memory, code: str) -> bool:
    return code in memory.rows and memory.rows[code].is_reserved


def _choose_owner(rows: Sequence[TableRow], seen: SeenRow | None) -> TableRow:
    """Of rows with one ID the one that says what it said last; else the upper one."""
    known = seen.in_sheet if seen else {}
    return min(rows, key=lambda row: (-_count_equal(row.texts, known), row.place))


def _recognise(
    found: Identities,
    nameless: Sequence[TableRow],
    memory: Memory,
    records: Mapping[str, SheetRecord],
) -> None:
    """Give rows without an ID back to campaigns that the tab lost; the others are new."""
    missing = {
        code: seen
        for code, seen in memory.rows.items()
        if seen.was_in_sheet
        and code not in found.codes
        and code in records
        and not records[code].is_removed
    }
    # A wrong ID in somebody's row, typed or landed there: its text tells whose row it is.
    strays = [row for row in found.adopted.values() if row.texts]
    strays += [row for row, _ in found.refused.values() if row.texts]
    left = _match_exactly([*nameless, *strays], missing, found)
    left = [row for row in left if not row.code]
    going_on = {code: seen for code, seen in missing.items() if records[code].status not in ENDED}
    left = _match_roughly(left, going_on, found)
    found.new = sorted(left, key=lambda row: row.place)


def _match_exactly(
    rows: Iterable[TableRow], missing: dict[str, SeenRow], found: Identities
) -> list[TableRow]:
    left = []
    remembered = _Remembering(missing)
    for row in rows:
        same = remembered.by(row).find_same(row)
        code = same.first(missing) if same else None
        if code:
            _restore(row, code, missing, found)
        else:
            left.append(row)
    return left


def _match_roughly(
    rows: Sequence[TableRow], missing: dict[str, SeenRow], found: Identities
) -> list[TableRow]:
    """Let the likest pairs find each other first, then upper rows and lower codes."""
    remembered = _Remembering(missing)
    pairs: list[tuple[float, int, str, TableRow, Twins]] = []
    for row in rows:
        for likeness, twins in remembered.by(row).list_alike(row):
            pairs.append((-likeness, row.place, twins.codes[-1], row, twins))
    heapq.heapify(pairs)
    left = {row.place: row for row in rows}
    while pairs and left and missing:
        unlikeness, place, code, row, twins = heapq.heappop(pairs)
        if place not in left:
            continue
        if code in missing:
            _restore(row, code, missing, found)
            del left[place]
        elif next_code := twins.first(missing):
            heapq.heappush(pairs, (unlikeness, place, next_code, row, twins))
    return list(left.values())


class _Remembering:
    """What is remembered, by the columns that a row has: those of its tab."""

    def __init__(self, missing: Mapping[str, SeenRow]) -> None:
        self._missing = missing
        self._by_columns: dict[frozenset[str], Remembered] = {}

    def by(self, row: TableRow) -> Remembered:
        columns = frozenset(row.cells)
        if columns not in self._by_columns:
            self._by_columns[columns] = Remembered(self._missing, columns)
        return self._by_columns[columns]


def _restore(row: TableRow, code: str, missing: dict[str, SeenRow], found: Identities) -> None:
    del missing[code]
    found.refused.pop(row.place, None)
    if found.adopted.get(row.code) is row:
        del found.adopted[row.code]
    found.known[code] = row
    found.restored.add(code)


def _count_equal(texts: Mapping[str, str], seen: Mapping[str, str]) -> int:
    return sum(seen.get(key) == text for key, text in texts.items())
