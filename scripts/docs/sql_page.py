"""docs/reference/sql.md: every statement, function and view of sql/, by room."""

from pathlib import Path

from pushline.database.sql import parse_header, split_header
from scripts.docs.tables import make_page, make_table

# Files with a header of their own kind, or none.
OTHER_HEADERS = {"migrations", "audiences", "triggers", "checks", "marts", "sources"}
REAPPLIED = ("function_", "view_")


def _row(path: Path, where: str) -> tuple[str, str, str]:
    comments, _ = split_header(path.read_text(encoding="utf-8"))
    if path.name.startswith(REAPPLIED):
        return f"`{path.stem}`", comments[0].partition(":")[2].strip(), ""
    header = parse_header(comments, where)
    return f"`{path.stem}`", header.purpose, ", ".join(header.writes)


def make_sql_page(root: Path) -> str:
    """Return the page."""
    parts = []
    for room in sorted(path for path in (root / "sql").iterdir() if path.is_dir()):
        paths = [] if room.name in OTHER_HEADERS else sorted(room.glob("*.sql"))
        rows = [_row(path, str(path.relative_to(root))) for path in paths]
        if rows:
            head = ("file", "what for", "writes")
            parts.append(f"## {room.name}\n\n{make_table(head, rows)}")
    return make_page("SQL files", "the headers of sql/", *parts)
