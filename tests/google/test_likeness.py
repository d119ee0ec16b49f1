"""Rows without their IDs are known again as by comparing each with each, in far fewer steps."""

from collections.abc import Collection, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushline.desk import open_desk
from pushline.google_sheet.errors import SheetClosed
from pushline.google_sheet.grid import Grid
from pushline.google_sheet.identify import identify
from pushline.google_sheet.memory import Memory, SeenRow
from pushline.google_sheet.reconcile import MOST_ROWS, Reconciler
from pushline.google_sheet.table import Table, TableRow
from tests.counting import count_calls
from tests.google.scene import NOW, World

COLUMNS = ("idea", "owner", "title_ru", "text_ru", "link", "tags", "audience", "status")


def make_row(place: int, cells: Mapping[str, str], columns: Collection[str], code: str) -> TableRow:
    shown = dict.fromkeys(columns, "") | {it: cells[it] for it in cells if it in columns}
    return TableRow(place, code, shown, shown)


def make_table(rows: Sequence[TableRow]) -> Table:
    return Table(0, {}, {}, frozenset(), rows, len(rows) + 1, len(COLUMNS))


def remember(texts: Mapping[str, Mapping[str, str]]) -> Memory:
    return Memory(1, 1, None, {}, {code: SeenRow(dict(it), {}) for code, it in texts.items()})


def compare(row: TableRow, seen: Mapping[str, str]) -> tuple[int, float]:
    """How many filled cells are equal, and what share of those filled on either side."""
    filled = {key for key in {*row.texts, *seen} if key in row.cells and key != "status"}
    filled = {key for key in filled if row.texts.get(key) or seen.get(key)}
    equal = sum(row.texts.get(key, "") == seen.get(key, "") for key in filled)
    return equal, equal / len(filled) if filled else 0.0


def know_plainly(
    rows: Sequence[TableRow], memory: Memory, records: Mapping[str, Any]
) -> tuple[dict[str, int], list[int]]:
    """Each with each: first those that say the same, then the likest pairs."""
    missing = {code: seen.in_sheet for code, seen in memory.rows.items() if seen.in_sheet}
    known, left = {}, []
    for row in (it for it in rows if it.texts):
        same = [code for code, seen in missing.items() if compare(row, seen)[1] == 1.0]
        if same:
            known[min(same)] = row.place
            del missing[min(same)]
        else:
            left.append(row)
    pairs = []
    for row in left:
        for code, seen in missing.items():
            equal, likeness = compare(row, seen)
            if equal >= 2 and likeness >= 0.6 and records[code].status != "sent":
                pairs.append((-likeness, row.place, code))
    places = [row.place for row in left]
    for _, place, code in sorted(pairs):
        if place in places and code not in known:
            known[code] = place
            places.remove(place)
    return known, places


TEXTS = st.sampled_from(["", "a", "b", "c"])
ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), TEXTS), max_size=9)


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS, st.sets(st.sampled_from(COLUMNS), min_size=4), st.integers(0, 8))
def test_rows_are_known_as_by_comparing_each_with_each(
    typed: list[dict[str, str]], seen: list[dict[str, str]], columns: set[str], sent: int
):
    memory = remember({f"C-2026-{number:03}": it for number, it in enumerate(seen)})
    records: Any = {
        code: SimpleNamespace(is_removed=False, status="sent" if number == sent else "idea")
        for number, code in enumerate(memory.rows)
    }
    rows = [make_row(place, it, columns, "") for place, it in enumerate(typed)]
    found = identify(make_table(rows), memory, records)
    known, new = know_plainly(rows, memory, records)
    assert {code: row.place for code, row in found.known.items()} == known
    assert [row.place for row in found.new] == new
    assert found.restored == set(known)


def test_rows_that_were_remembered_alike_are_told_apart_by_their_order():
    texts = dict.fromkeys(COLUMNS, "a")
    memory = remember({f"C-2026-00{number}": texts for number in range(4)})
    rows = [make_row(place, texts | {"idea": f"{place}"}, COLUMNS, "") for place in range(5)]
    records: Any = dict.fromkeys(memory.rows, SimpleNamespace(is_removed=False, status="idea"))
    found = identify(make_table(rows), memory, records)
    assert {code: row.place for code, row in found.known.items()} == {
        f"C-2026-00{number}": number for number in range(4)
    }
    assert [row.place for row in found.new] == [4]


def count_steps(size: int, *, is_alike: bool) -> int:
    """What it takes to know `size` rows that lost their IDs and were edited."""
    owner = (lambda _: "ann") if is_alike else (lambda number: f"ann {number}")
    texts = {
        f"C-2026-{number:03}": {key: f"{key} {number}" for key in COLUMNS}
        | {"owner": owner(number), "tags": owner(number)}
        for number in range(size)
    }
    rows = [
        make_row(place, it | {"idea": "edited"}, COLUMNS, "")
        for place, it in enumerate(texts.values())
    ]
    records: Any = {code: SimpleNamespace(is_removed=False, status="idea") for code in texts}
    found: list[Any] = []
    calls = count_calls(lambda: found.append(identify(make_table(rows), remember(texts), records)))
    assert len(found[0].known) == size
    return calls


@pytest.mark.parametrize("is_alike", [False, True])
def test_twice_the_rows_are_twice_the_work(is_alike: bool):
    assert count_steps(400, is_alike=is_alike) < 2.5 * count_steps(200, is_alike=is_alike)


def test_a_tab_has_so_many_rows(world: World):
    rows = [["ID", "Message idea"], *(["", f"Idea {number}"] for number in range(MOST_ROWS + 1))]
    grid = Grid(0, rows, len(rows), 2)
    with world.engine.begin() as conn:
        desk = open_desk(conn, NOW)
        with pytest.raises(SheetClosed) as refused:
            Reconciler(conn, desk, grid, remember({}), "mia", NOW, "en").run()
    assert "5\u202f001 rows" in refused.value.sentence.en
    assert world.page() == {}
