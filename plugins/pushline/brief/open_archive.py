"""Opens an XLSX, which is a zip of XML, so that a reader gets only what was checked.

The reader keeps the whole rectangle of a sheet and a copy of its text per cell, and a process
that runs out of memory in it is gone. So every part is unpacked here, within bounds, looked at by
an XML parser whatever its name, and packed anew: neither a false size in the archive nor an odd
spelling of the XML can bring in what was not seen.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from itertools import zip_longest
from xml.parsers import expat

from pushline.brief.notes import Note, say
from pushline.errors import GiveUpRow

LARGEST_UNPACKED = 50_000_000
LARGEST_RATIO = 200
MOST_PARTS = 500
MOST_ELEMENTS = 2_000_000
# A text that many cells share is written once in the file and copied to each of them.
MOST_LETTERS = 20_000_000
MOST_COLUMNS = 300
ZIP = b"PK\x03\x04"

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})")
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError),
    *(OSError, EOFError, NotImplementedError, ValueError, RuntimeError),
)
_NEEDED = {"[content_types].xml", "xl/workbook.xml"}


class FileRefused(GiveUpRow):
    """A file that cannot be read at all; `note` holds the sentence."""

    def __init__(self, note: Note) -> None:
        super().__init__(sentence=note.sentence)
        self.note = note


def refuse(code: str, **words: object) -> FileRefused:
    """Return the refusal with the sentence of this code."""
    return FileRefused(say("", code, **words))  # type: ignore[arg-type]


def repack(content: bytes, most_rows: int, header_rows: int = 0) -> bytes:
    """Return the archive with its XML parts alone, each of them checked; raises FileRefused.

    most_rows: how many may be filled, apart from `header_rows` above them.
    """
    buffer = io.BytesIO()
    extent = _Extent(most_rows, header_rows)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(buffer, "w") as new:
            for part in _list_parts(archive, len(content)):
                with archive.open(part) as handle:
                    # With a size given, no more than that is ever unpacked.
                    xml = handle.read(part.file_size)
                extent.check(xml)
                new.writestr(part.filename, xml)
    except _BROKEN as error:
        raise refuse("file_broken") from error
    extent.check_letters()
    return buffer.getvalue()


def _list_parts(archive: zipfile.ZipFile, packed: int) -> list[zipfile.ZipInfo]:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * packed or len(parts) > MOST_PARTS:
        raise refuse("file_bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise refuse("file_locked")
    names = [part.filename.casefold() for part in parts]
    if not set(names) >= _NEEDED:
        raise refuse("file_kind")
    if len(set(names)) < len(names):
        raise refuse("file_broken")
    return [
        part for part, name in zip(parts, names, strict=True) if name.endswith((".xml", ".rels"))
    ]


class _Extent:
    """Where the filled cells of a workbook stand, and how much text they hold."""

    def __init__(self, most_rows: int, header_rows: int) -> None:
        self._limit = most_rows
        self._last_row = most_rows + header_rows
        self._elements = 0
        self._lengths: list[int] = []
        self._uses: Counter[str] = Counter()

    def check(self, xml: bytes) -> None:
        """Go through one part; raises FileRefused, or ExpatError for what is no XML."""
        # Readers take the bytes for UTF-8, whatever the part says of itself.
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._row = self._column = 0
        self._is_shared = False
        self._text: list[str] = []
        self._part_lengths: list[int] = []
        parser.Parse(xml, True)
        both = zip_longest(self._lengths, self._part_lengths, fillvalue=0)
        self._lengths = [max(pair) for pair in both]

    def check_letters(self) -> None:
        """Refuse cells that would hold far more text together than the file does."""
        letters = sum(
            self._lengths[int(number)] * times
            for number, times in self._uses.items()
            if number.isdecimal() and int(number) < len(self._lengths)
        )
        if letters > MOST_LETTERS:
            raise refuse("file_bomb")

    def _refuse_doctype(self, *_: object) -> None:
        # No program writes one; entities in it can unfold without end.
        raise refuse("file_bomb")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise refuse("file_bomb")
        match name.rpartition(":")[2]:
            case "row":
                self._row = int(attributes.get("r", self._row + 1))
                self._column = 0
            case "c":
                self._move_to_cell(attributes)
            case "v" | "is":
                self._check_place()
                self._gather()
            case "si":
                self._gather()

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                if self._is_shared:
                    self._uses["".join(self._text).strip()] += 1
                self._parser.CharacterDataHandler = None
            case "si":
                self._part_lengths.append(sum(map(len, self._text)))
                self._parser.CharacterDataHandler = None

    def _gather(self) -> None:
        self._text = []
        self._parser.CharacterDataHandler = self._text.append

    def _move_to_cell(self, attributes: dict[str, str]) -> None:
        self._is_shared = attributes.get("t") == "s"
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        place = _REFERENCE.fullmatch(reference)
        if not place:
            raise refuse("file_broken")
        self._column = _column_number(place[1].upper())
        self._row = int(place[2])

    def _check_place(self) -> None:
        if self._row > self._last_row:
            raise refuse("file_rows", count=self._row, limit=self._limit)
        if self._column > MOST_COLUMNS:
            raise refuse("file_bomb")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
