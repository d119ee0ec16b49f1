"""Which remembered rows a row of the tab may be, without comparing each row with each.

A pair that is alike enough shares one of its rarest cells; only such pairs are compared. Rows that
were remembered with the same texts stand for one another, the lowest code first.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pushline.google_sheet.memory import SeenRow
from pushline.google_sheet.table import TableRow

# So much of two rows must be equal for one to be the other after an edit.
LIKENESS = 0.6
FEWEST_EQUAL = 2
# A filled cell: column and text.
Cell = tuple[str, str]


@dataclass(slots=True)
class Twins:
    """Remembered rows with the same texts. codes: the lowest is the last one.

    numbers: of their cells; filled: a bit for each filled column.
    """

    numbers: frozenset[int]
    filled: int
    codes: list[str] = field(default_factory=list)

    def first(self, missing: Collection[str]) -> str | None:
        """Return the lowest code that is still missing."""
        while self.codes and self.codes[-1] not in missing:
            self.codes.pop()
        return self.codes[-1] if self.codes else None


class Remembered:
    """Remembered rows, found by their cells. columns: those of the tab; others do not count."""

    def __init__(self, missing: Mapping[str, SeenRow], columns: Collection[str]) -> None:
        counted = sorted(key for key in columns if key != "status")
        self._bits = {key: 1 << place for place, key in enumerate(counted)}
        # Pairs may be many: cells are compared by their numbers.
        self._numbers: dict[Cell, int] = {}
        self._twins: dict[frozenset[Cell], Twins] = {}
        self._by_number: list[list[Twins]] = []
        for code in sorted(missing, reverse=True):
            cells = self._cells_of(missing[code].in_sheet)
            if cells not in self._twins:
                self._add(cells)
            self._twins[cells].codes.append(code)

    def find_same(self, row: TableRow) -> Twins | None:
        """Return the rows that say exactly the same; never those that say nothing."""
        cells = self._cells_of(row.texts)
        return self._twins.get(cells) if cells else None

    def list_alike(self, row: TableRow) -> Iterator[tuple[float, Twins]]:
        """Yield the rows that are alike enough, and how much of the filled cells is equal."""
        cells = self._cells_of(row.texts)
        # At least as many cells are filled on either side as here.
        fewest = next(
            (it for it in range(FEWEST_EQUAL, len(cells) + 1) if it / len(cells) >= LIKENESS), None
        )
        numbers = {self._numbers[cell] for cell in cells if cell in self._numbers}
        if fewest is None or len(numbers) < fewest:
            return
        by_rarity = sorted(numbers, key=lambda number: (len(self._by_number[number]), number))
        # Cells that nobody remembers are the rarest.
        found = {
            id(twins): twins
            for number in by_rarity[: len(numbers) - fewest + 1]
            for twins in self._by_number[number]
        }
        filled = self._fill(cells)
        for twins in found.values():
            equal = len(numbers & twins.numbers)
            if equal >= FEWEST_EQUAL:
                likeness = equal / (filled | twins.filled).bit_count()
                if likeness >= LIKENESS:
                    yield likeness, twins

    def _cells_of(self, texts: Mapping[str, str]) -> frozenset[Cell]:
        return frozenset((key, text) for key, text in texts.items() if text and key in self._bits)

    def _fill(self, cells: Iterable[Cell]) -> int:
        return sum(self._bits[key] for key, _ in cells)

    def _add(self, cells: frozenset[Cell]) -> None:
        numbers = [self._numbers.setdefault(cell, len(self._numbers)) for cell in cells]
        twins = Twins(frozenset(numbers), self._fill(cells))
        self._twins[cells] = twins
        for number in numbers:
            if number == len(self._by_number):
                self._by_number.append([])
            self._by_number[number].append(twins)
