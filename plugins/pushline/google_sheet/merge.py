"""The rule for one cell that two places may change: what to do when they differ.

Four texts decide: the tab's and the page's as they are now, and both as they were when they were
last compared (None: never). Nothing is overwritten that somebody has not seen.
"""

from typing import Literal

Decision = Literal["same", "to_page", "to_sheet", "conflict"]


def decide(sheet: str, page: str, seen_sheet: str | None, seen_page: str | None) -> Decision:
    """Return what becomes of a cell.

    An open conflict is one whose two sides were seen to differ. It ends when the person in the tab,
    who has the sentence before their eyes, changes the cell (theirs is taken) or clears it (the
    page's is), or when both say the same; a later change on the page alone does not end it.
    """
    if sheet == page:
        return "same"
    if seen_sheet is None:
        return _decide_unseen(sheet, page)
    sheet_changed = sheet != seen_sheet
    page_changed = seen_page is None or page != seen_page
    if seen_page is not None and seen_sheet != seen_page:
        if sheet_changed and not page_changed:
            return "to_page" if sheet else "to_sheet"
        return "conflict"
    if sheet_changed:
        return "conflict" if page_changed else "to_page"
    return "to_sheet"


def _decide_unseen(sheet: str, page: str) -> Decision:
    """Two texts that were never compared: the empty one takes the other."""
    if not sheet:
        return "to_sheet"
    return "conflict" if page else "to_page"
