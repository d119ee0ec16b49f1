"""What the sync says about the columns of a tab, and which ones it adds."""

import re
from collections.abc import Iterable, Mapping

from pushline.brief.read_sheet import HEADER_ROWS
from pushline.brief.sheet_store import EDITABLE, SheetRecord
from pushline.google_sheet.grid import Grid
from pushline.google_sheet.memory import Memory, SeenRow
from pushline.google_sheet.sentences import say
from pushline.google_sheet.system_cells import SYSTEM, header_of
from pushline.google_sheet.table import ALL_COLUMNS, ID, Table, TableRow, plain
from pushline.google_sheet.updates import Updates
from pushline.sentence import Sentence

# A table cannot do without these, so they are put back when somebody deletes them.
NEEDED = (ID, "status", "problems")
# By it a note is known as ours; other people's notes are left alone.
OURS = "Pushline: "
LAYOUT = (*NEEDED, *EDITABLE, *(key for key in SYSTEM if key not in NEEDED))


def choose_language(table: Table, grid: Grid, memory: Memory, default: str) -> str:
    """Return the language of the headers: of those there are, else of those there were last.

    `default` where they do not tell: keys for headers, a blank tab.
    """
    headers = {key: text for key, (_, text) in memory.headers.items()}
    if table.header_row is not None:
        headers = {key: grid.at(table.header_row, place) for key, place in table.columns.items()}
    votes: dict[str, int] = {"ru": 0, "en": 0, "kk": 0}
    for key, text in headers.items():
        column, header = ALL_COLUMNS[key], plain(text).casefold()
        for language in votes:
            votes[language] += header.startswith(column.header.text(language).casefold())
    most = max(votes.values())
    ahead = [language for language, count in votes.items() if count == most]
    return ahead[0] if len(ahead) == 1 else default


def lay_out_columns(table: Table, updates: Updates, language: str) -> dict[str, int]:
    """Return where every column stands once missing ones of ours are added at the right."""
    columns = dict(table.columns)
    header_row = table.header_row or 0
    updates.is_fresh = table.is_empty
    wanted = LAYOUT if table.is_empty else [key for key in NEEDED if key not in table.doubled]
    place = table.next_column
    for key in wanted:
        if key not in columns:
            columns[key] = place
            updates.cells[header_row, place] = header_of(key, language)
            place += 1
    return columns


def find_faults(
    table: Table, memory: Memory, records: Iterable[SheetRecord], emptied: Iterable[str]
) -> dict[str, Sentence]:
    """Return what is wrong with the columns: key -> sentence.

    A column that holds nothing on the page is nobody's loss, and nothing is said about it.
    """
    if table.header_row is None:
        return {ID: say("lost_header", rows=HEADER_ROWS)}
    faults = {key: _say("doubled_column", key) for key in table.doubled}
    faults |= {key: _say("emptied_column", key) for key in emptied}
    used = {key for record in records if not record.is_removed for key in record.cells}
    for key in EDITABLE:
        if key in table.columns or key in faults or key not in used or key not in memory.headers:
            continue
        now = table.unknown.get(memory.headers[key][0])
        if now:
            faults[key] = _say("renamed_column", key, now=now)
        else:
            faults[key] = _say("missing_column", key)
    return faults


def write_faults(
    table: Table,
    grid: Grid,
    columns: Mapping[str, int],
    faults: Mapping[str, Sentence],
    updates: Updates,
    language: str,
) -> None:
    """Say the faults above the problems: in short in the header, in full in its note.

    Without a table the note of the first cell says it; no cell is overwritten.
    """
    text = "\n".join(fault.text(language) for fault in faults.values())
    if table.is_lost:
        _write_note(grid, (0, 0), text, updates)
        return
    header_row, place = table.header_row or 0, columns.get("problems")
    if header_row or place:
        _write_note(grid, (0, 0), "", updates)
    if place is None:
        return
    now = updates.cells.get((header_row, place)) or plain(grid.at(header_row, place))
    base = re.sub(r"\s*\([^)]*\)\s*$", "", str(now))
    names = ", ".join(f"«{header_of(key, language)}»" for key in faults)
    see = say("see_note").text(language)
    header = f"{base} ({_without_brackets(names)}: {see})" if faults else base
    if header != now:
        updates.cells[header_row, place] = header
    _write_note(grid, (header_row, place), text, updates)


def forget_lost_columns(table: Table, memory: Memory) -> None:
    """Forget what was seen of columns that are not there, or not there alone.

    When such a column comes back empty, its cells were emptied by nobody: the page's texts go in.
    """
    for code, seen in memory.rows.items():
        gone = [key for key in EDITABLE if key in seen.in_sheet and key not in table.columns]
        for key in gone:
            memory.touch(code)
            del seen.in_sheet[key]
            seen.in_page.pop(key, None)


def find_emptied_columns(rows: Mapping[str, TableRow], memory: Memory) -> set[str]:
    """Return columns all of whose texts vanished at once, in two rows or more.

    That is how a column looks that was deleted and made anew between two syncs.
    """
    filled: dict[str, list[bool]] = {}
    for code, row in rows.items():
        seen = memory.rows.get(code, SeenRow()).in_sheet
        for key in EDITABLE:
            if key in row.cells and (seen.get(key) or row.cells[key]):
                filled.setdefault(key, []).append(bool(row.cells[key]))
    return {key for key, cells in filled.items() if len(cells) > 1 and not any(cells)}


def remember_headers(table: Table, grid: Grid, memory: Memory) -> None:
    """Keep where each column stands; a missing one keeps its last place."""
    if table.header_row is None or table.is_lost:
        return
    for key, place in table.columns.items():
        memory.headers[key] = (place, plain(grid.at(table.header_row, place)))


def _write_note(grid: Grid, place: tuple[int, int], text: str, updates: Updates) -> None:
    now = grid.notes.get(place, "")
    note = OURS + text if text else ""
    if now != note and (not now or now.startswith(OURS)):
        updates.notes[place] = note


def _say(code: str, key: str, **words: object) -> Sentence:
    column = ALL_COLUMNS[key]
    return say(code, header=column.header, **words)


def _without_brackets(text: str) -> str:
    return text.replace("(", "").replace(")", "")
