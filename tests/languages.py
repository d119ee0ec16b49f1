"""Tells which words of a Russian or Kazakh sentence do not belong to its language."""

import re

FIELD = re.compile(r"\{(\w+)\}")
# What is written alike in every language: names of things, of columns, of formats, of keys.
ALLOWED = re.compile(
    r"`[^`]*`|https?://\S*|\w+/[\w./-]+|[A-Z]+=\S*|\w+=\w+|\w+_\w*|C-2026-118|\.xls\b"
    r"|buyers_of_category\([^)]*\)|\b(?:Pushline|Google|Airflow|Android|iPhone|Excel|Liquid|CSV|XLSX"
    r"|UTF|SQL|JSON|UTM|COUNT|UNTIL|FREQ|NAME|VALUE|ID|id|MB|URL|RU|KK|EN|promo|service|drop|defer"
    r"|weekly|true|false|yes|no|extra|default|name|utm|https|sale|shoes|dp|pt|English"
    r"|Ctrl|Alt|Shift|Tab|Enter|Escape)\b"
)
LATIN = re.compile(r"[A-Za-z]{2,}")
KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")


def find_foreign(text: str, language: str) -> list[str]:
    """Return Latin prose in a Russian or Kazakh text, and letters of Kazakh in a Russian one."""
    bare = ALLOWED.sub(" ", FIELD.sub(" ", text))
    letters = [] if language == "kk" else [letter for letter in bare if letter in KAZAKH]
    return LATIN.findall(bare) + letters
