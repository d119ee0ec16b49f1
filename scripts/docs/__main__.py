"""`python -m scripts.docs [--check]`: write the pages made from code, or say which are behind."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from pushline.brief.column_guide import GUIDE, fill_guide
from scripts.docs.audiences_page import make_audiences_page
from scripts.docs.audit import find_faults
from scripts.docs.commands_page import make_commands_page
from scripts.docs.dags_page import make_dags_page
from scripts.docs.settings_page import make_settings_page
from scripts.docs.sql_page import make_sql_page

ROOT = Path(__file__).resolve().parents[2]
PAGES: Mapping[str, Callable[[Path], str]] = {
    "dags.md": make_dags_page,
    "settings.md": make_settings_page,
    "audiences.md": make_audiences_page,
    "commands.md": make_commands_page,
    "sql.md": make_sql_page,
}


def make_pages() -> dict[Path, str]:
    """Return every generated page by where it belongs."""
    pages = {ROOT / "docs" / "reference" / name: make(ROOT) for name, make in PAGES.items()}
    return pages | {GUIDE: fill_guide(GUIDE.read_text(encoding="utf-8"))}


def is_same(path: Path, text: str) -> bool:
    """Whether the page already says this."""
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main() -> None:
    """Write what is behind; with --check only name it, and fail."""
    parser = argparse.ArgumentParser(prog="make docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when behind")
    given = parser.parse_args()
    behind = {path: text for path, text in make_pages().items() if not is_same(path, text)}
    faults = []
    for path, text in behind.items():
        name = path.relative_to(ROOT)
        if given.check:
            faults.append(f"{name} is behind the code: make docs")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"Wrote {name}.")
    faults += find_faults(ROOT)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(1)


if __name__ == "__main__":
    main()
