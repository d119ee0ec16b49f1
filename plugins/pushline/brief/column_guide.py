"""Writes the columns into docs/campaign-sheet.md: python -m pushline.brief.column_guide."""

from pathlib import Path

from pushline.brief.columns import Column
from pushline.brief.sheet import COLUMNS
from pushline.settings import CHECKOUT

GUIDE = CHECKOUT / "docs" / "campaign-sheet.md"
BEGIN = "<!-- columns: python -m pushline.brief.column_guide -->"
END = "<!-- end of columns -->"


def make_table() -> str:
    """Return the columns as a Markdown table."""
    lines = ["| column | RU / KK / EN header | who fills it | hint |", "|---|---|---|---|"]
    lines += [
        f"| `{key}` | {_list_headers(column)} | {column.group} | {column.hint.en} |"
        for key, column in COLUMNS.items()
    ]
    return "\n".join(lines)


def _list_headers(column: Column) -> str:
    words = column.header
    return " / ".join((words.ru, words.kk, words.en))


def fill_guide(text: str) -> str:
    """Return the guide with the table of the code between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{make_table()}\n{END}{after}"


def main(guide: Path = GUIDE) -> None:
    """Write the table into the guide."""
    guide.write_text(fill_guide(guide.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
