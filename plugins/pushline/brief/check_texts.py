"""Rules of the texts, the link and the picture of a row."""

from collections.abc import Iterator, Mapping
from typing import Literal

import regex

from pushline.brief.notes import Note, Rules, say, warn
from pushline.brief.sheet import COLUMNS, SheetRow, Variant
from pushline.brief.status import Status
from pushline.model import LANGUAGES, AudienceCatalogue, AudienceColumn, Language, TextChecks

MOST_EMOJI = 3
MOST_CAPITALS = 0.6
# Shorter texts may be a brand or an abbreviation.
FEWEST_LETTERS = 8

_KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
_EMOJI = regex.compile(r"(?=\p{Extended_Pictographic}|\p{Regional_Indicator})\X")
_MARKUP = regex.compile(r"\{\{.*?\}\}|\{%.*?%\}", regex.DOTALL)
_LABELS = {"ru": "RU", "kk": "KK", "en": "EN"}


def check_texts(
    row: SheetRow,
    landing: Status,
    rules: Rules,
    audiences: AudienceCatalogue,
    checks: TextChecks,
) -> Iterator[Note]:
    """Yield what is wrong with texts, link and picture."""
    card = audiences.get(row.audience.name) if row.audience else None
    columns = card.columns if card else None
    for language in LANGUAGES:
        yield from _check_pair(row, language)
        yield from _check_pair(row, language, "b_")
        yield from _check_variant(row, language)
    for key, text in _list_texts(row):
        yield from _check_text(key, text, columns, checks)
    yield from _check_kazakh(row, landing, rules)
    if row.b_pct is not None and not row.languages("b_"):
        yield warn("b_pct", "b_share_without_b", depends_on=("title_b_ru", "text_b_ru"))
    if row.link:
        yield from (Note.of("link", finding) for finding in checks.check_link(row.link))
    if row.image_url:
        found = checks.check_image(row.image_url)
        yield from (Note.of("image_url", finding) for finding in found)


def _list_texts(row: SheetRow) -> Iterator[tuple[str, str]]:
    for key in COLUMNS:
        if key.startswith(("title_", "text_")) and getattr(row, key):
            yield key, getattr(row, key)


def _check_pair(row: SheetRow, language: Language, variant: Variant = "") -> Iterator[Note]:
    title, body = row.text(language, variant)
    names = f"title_{variant}{language}", f"text_{variant}{language}"
    if title and not body:
        yield say(names[1], "title_without_text", depends_on=names)
    if body and not title:
        yield say(names[0], "text_without_title", depends_on=names)


def _check_variant(row: SheetRow, language: Language) -> Iterator[Note]:
    if not row.languages("b_"):
        return
    names = tuple(
        f"{part}_{variant}{language}" for part in ("title", "text") for variant in ("", "b_")
    )
    has_a, has_b = all(row.text(language)), all(row.text(language, "b_"))
    if has_a != has_b:
        yield say(f"title_{'b_' if has_a else ''}{language}", "b_other_languages", depends_on=names)
    elif has_a and row.text(language) == row.text(language, "b_"):
        yield say(f"title_b_{language}", "b_equals_a", depends_on=names)


def _check_text(
    key: str, text: str, columns: Mapping[str, AudienceColumn] | None, checks: TextChecks
) -> Iterator[Note]:
    found = checks.check_template(text, columns)
    yield from (Note.of(key, finding, "audience") for finding in found)
    if not found:
        place: Literal["title", "body"] = "title" if key.startswith("title") else "body"
        yield from (Note.of(key, finding) for finding in checks.check_fit(text, place, columns))
    plain = _MARKUP.sub("", text)
    letters = [letter for letter in plain if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    if len(letters) >= FEWEST_LETTERS and capitals > MOST_CAPITALS * len(letters):
        yield warn(key, "capitals", share=round(100 * capitals / len(letters)))
    emoji = len(_EMOJI.findall(plain))
    if emoji > MOST_EMOJI:
        yield warn(key, "many_emoji", count=emoji, limit=MOST_EMOJI)


def _check_kazakh(row: SheetRow, landing: Status, rules: Rules) -> Iterator[Note]:
    title, body = row.text("kk")
    written = f"{title or ''}{body or ''}"
    if written and not _KAZAKH & set(written):
        yield warn("text_kk", "kk_letters")
    default = rules.default_language
    if not written and landing != "idea" and default != "kk" and all(row.text(default)):
        yield warn(
            "title_kk",
            "kk_gets_default",
            depends_on=("text_kk",),
            language=_LABELS[default],
        )
