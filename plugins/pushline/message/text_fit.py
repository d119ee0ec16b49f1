"""Where phones cut a text: graphemes counted as a phone counts them, width measured in pixels.

Widths and limits stand in text_fit.json, which the page reads too. Roboto is what Android draws
with; for iOS it stands in for Inter, widened per alphabet (Inter ships no Python package).
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import regex
from font_roboto import font_files
from PIL import ImageFont

from pushline.message.sentences import SENTENCES
from pushline.model import Finding
from pushline.sentence import Sentence

Place = Literal["title", "body"]
Colour = Literal["green", "yellow", "orange", "red"]

MEASURES: dict[str, Any] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
ELLIPSIS = "…"
# Pillow rounds to whole pixels at small sizes; measured large and divided it agrees with Chromium.
_OVERSAMPLING = 16
_GRAPHEME = regex.compile(r"\X")
_EMOJI = regex.compile(
    r"\p{Extended_Pictographic}(?<![\u00a9\u00ae\u2122])|\p{Regional_Indicator}|\u20e3|\ufe0f"
)
_RUN = regex.compile(r"(?P<cyrillic>\p{Cyrillic}+)|(?P<latin>\P{Cyrillic}+)")
# Drawn as nothing, and the layout engine stumbles over them.
_CONTROL = regex.compile(r"[\p{Cc}\p{Cs}]")
_WORD = regex.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text fits one place; `head` is what the narrow phone shows before it cuts."""

    place: Place
    colour: Colour
    graphemes: int
    limit: int
    head: str
    extra: int
    findings: tuple[Finding, ...] = ()


def split_graphemes(text: str) -> list[str]:
    """Return what a person calls characters: 👨‍👩‍👧 and ә̃ are one each."""
    return list(_GRAPHEME.findall(text))


def measure_width(text: str, font: str) -> float:
    """Return the width of one line in dp or pt; `font` names an entry of text_fit.json."""
    text = _CONTROL.sub("", text)
    style = MEASURES["fonts"][font]
    width, letters = 0.0, ""
    for grapheme in split_graphemes(text):
        if _EMOJI.search(grapheme):
            width += _measure_letters(letters, font) + MEASURES["emoji_em"] * style["size"]
            letters = ""
        else:
            letters += grapheme
    return width + _measure_letters(letters, font)


def fit(text: str, place: Place) -> Fit:
    """Judge a filled text: green fits narrow phones, yellow wide ones, orange none.

    Red is too long, and only red blocks sending. The sentences show where the text is cut.
    """
    rules = MEASURES["places"][place]
    limit = rules["limit"]
    graphemes = len(split_graphemes(text))
    # Collapsed, a phone shows the line breaks of the body as spaces.
    line = " ".join(text.split())
    narrow_head = _head_of_line(line, rules["narrow"])
    findings: list[Finding] = []
    colour: Colour = "green"
    extra = 0
    if narrow_head is not None:
        colour = "yellow" if _head_of_line(line, rules["wide"]) is None else "orange"
        extra = len(split_graphemes(line)) - len(split_graphemes(narrow_head))
        code = "fit_cut_360" if colour == "yellow" else "fit_cut_everywhere"
        findings.append(_finding(code, "warning", head=_tail(narrow_head), extra=extra))
    if graphemes > limit:
        colour, extra = "red", graphemes - limit
        findings = [_finding("fit_too_long", "error", count=graphemes, limit=limit, extra=extra)]
    elif place == "body":
        findings += _check_ios_lines(text, rules["ios"])
    head = line if narrow_head is None else narrow_head
    return Fit(place, colour, graphemes, limit, head, extra, tuple(findings))


def wrap_lines(text: str, width: float, font: str) -> list[str]:
    """Break a text into the lines that a phone draws: by words, long words by graphemes."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _WORD.findall(paragraph):
            if measure_width((line + word).rstrip(), font) <= width:
                line += word
                continue
            if line.strip():
                lines.append(line)
            *full, line = _break_word(word, width, font)
            lines += full
        lines.append(line)
    return lines


def _check_ios_lines(text: str, rules: dict[str, Any]) -> list[Finding]:
    lines = wrap_lines(text, rules["width"], rules["font"])
    if len(lines) <= rules["lines"]:
        return []
    shown = "".join(lines[: rules["lines"]]).rstrip()
    extra = len(split_graphemes("".join(lines[rules["lines"] :])))
    words = {"lines": rules["lines"], "head": _tail(shown), "extra": extra}
    return [_finding("fit_ios_lines", "warning", **words)]


def _head_of_line(line: str, rules: dict[str, Any]) -> str | None:
    """Return what is shown before the ellipsis, or None if the whole line fits."""
    if measure_width(line, rules["font"]) <= rules["width"]:
        return None
    graphemes = split_graphemes(line)
    low, high = 0, len(graphemes)
    while low < high:
        middle = (low + high + 1) // 2
        shown = "".join(graphemes[:middle]) + ELLIPSIS
        if measure_width(shown, rules["font"]) <= rules["width"]:
            low = middle
        else:
            high = middle - 1
    return "".join(graphemes[:low])


def _break_word(word: str, width: float, font: str) -> list[str]:
    pieces = [""]
    for grapheme in split_graphemes(word):
        if pieces[-1] and measure_width((pieces[-1] + grapheme).rstrip(), font) > width:
            pieces.append("")
        pieces[-1] += grapheme
    return pieces


def _tail(head: str, longest: int = 40) -> str:
    graphemes = split_graphemes(head.rstrip())
    short = "".join(graphemes[-longest:])
    return short if len(graphemes) <= longest else ELLIPSIS + short


@lru_cache(maxsize=50_000)
def _measure_letters(letters: str, font: str) -> float:
    if not letters:
        return 0.0
    style = MEASURES["fonts"][font]
    measured = _load_font(style["weight"], style["size"])
    widening = style.get("over_roboto")
    if not widening:
        return float(measured.getlength(letters)) / _OVERSAMPLING
    widths = (
        float(measured.getlength(run.group())) / _OVERSAMPLING * widening[run.lastgroup]
        for run in _RUN.finditer(letters)
    )
    return float(sum(widths))


@lru_cache(maxsize=8)
def _load_font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    name = "Roboto" if weight < 500 else "RobotoMedium"
    return ImageFont.truetype(font_files[name], size * _OVERSAMPLING)


def _finding(code: str, severity: Literal["error", "warning"], **words: object) -> Finding:
    return Finding(code, Sentence.say(SENTENCES, code, **words), severity)
