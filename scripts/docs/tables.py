"""Markdown that is the same each time."""

from collections.abc import Sequence


def escape(text: str) -> str:
    """Return a text that does not end its cell."""
    return text.replace("|", "\\|").replace("\n", " ")


def make_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *[[escape(cell) for cell in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def make_page(title: str, made_from: str, *parts: str) -> str:
    """Return a whole page that says what it was made from."""
    mark = f"<!-- Written by `make docs` from {made_from}; change it there. -->"
    return "\n\n".join([f"# {title}", mark, *(part.strip("\n") for part in parts)]) + "\n"
