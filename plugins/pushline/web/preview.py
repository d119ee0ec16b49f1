"""What phones will show of a row of the sheet: filled texts, where they are cut, final links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pushline.brief.audience_cell import AudienceCall, parse_audience
from pushline.brief.content import VARIANTS
from pushline.message.checks import fill_with_longest
from pushline.message.liquid import TextNotRendered, check_template, list_fields, render
from pushline.message.text_fit import Fit, Place, fit
from pushline.message.utm import UTM_SLUG, tag_link
from pushline.model import LANGUAGES, AudienceColumn
from pushline.plan.due import UTM_SOURCE, VARIANT_NAMES
from pushline.sentence import Sentence
from pushline.web.samples import SAMPLES, Person, pick_people

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """One text of one language and variant as a sample reads it; fault: what is wrong with it."""

    text: str
    fit: Fit
    fault: Sentence | None = None


@dataclass(frozen=True, slots=True)
class ShownText:
    """Title and body of one language and variant, and where they lead."""

    variant: int
    language: str
    title: Shown
    body: Shown
    link: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Texts for one sample; people: the samples there are (none without fields)."""

    texts: Sequence[ShownText]
    people: Sequence[Person]
    fields: Sequence[str]
    sample: int


def preview_cells(
    cells: Cells,
    now: datetime,
    *,
    code: str = "",
    sample: int = 0,
    shows_people: bool = True,
    columns: Mapping[str, AudienceColumn] | None = None,
) -> Preview:
    """Return what a row shows to one sample of its audience.

    Without samples (nobody may see them, or the audience cannot be read) fields are filled with the
    longest values that the audience's file names. Nothing is raised: cells may be half typed.
    """
    written = _list_texts(cells)
    fields = _list_fields([part for _, _, title, body in written for part in (title, body)])
    people: list[Person] = []
    call = _read_call(cells.get("audience", ""))
    if fields and call and shows_people:
        people = pick_people(SAMPLES.rows(call, now), fields)
    chosen = min(max(0, sample), len(people) - 1) if people else 0
    values = people[chosen].fields if people else None
    texts = [
        ShownText(
            variant,
            language,
            _show(title, "title", values, columns),
            _show(body, "body", values, columns),
            _lead(cells, variant, code),
        )
        for variant, language, title, body in written
    ]
    return Preview(texts, people, fields, chosen)


def _list_texts(cells: Cells) -> list[tuple[int, str, str, str]]:
    """Return (variant, language, title, body) of every text that is begun."""
    found: list[tuple[int, str, str, str]] = []
    for number, prefix in enumerate(VARIANTS):
        for language in LANGUAGES:
            title = cells.get(f"title_{prefix}{language}", "").strip()
            body = cells.get(f"text_{prefix}{language}", "").strip()
            if title or body:
                found.append((number, language, title, body))
    return found


def _list_fields(texts: Sequence[str]) -> list[str]:
    names: dict[str, None] = {}
    for text in texts:
        try:
            names |= dict.fromkeys(list_fields(text) if "{" in text else ())
        except TextNotRendered:
            continue  # half typed
    return list(names)


def _read_call(cell: str) -> AudienceCall | None:
    try:
        return parse_audience(cell)
    except ValueError:
        return None


def _show(
    text: str,
    place: Place,
    values: Mapping[str, Any] | None,
    columns: Mapping[str, AudienceColumn] | None,
) -> Shown:
    # What makes the cell red is no good text here, also where it could be filled.
    found = (it.sentence for it in check_template(text, columns) if it.severity == "error")
    fault = next(found, None)
    try:
        filled = fill_with_longest(text, columns) if values is None else _fill(text, values)
    except TextNotRendered as error:
        return Shown(text, fit(text, place), fault or error.sentence)
    return Shown(filled, fit(filled, place), fault)


def _fill(text: str, values: Mapping[str, Any]) -> str:
    return render(text, values) if "{" in text else text


def _lead(cells: Cells, variant: int, code: str) -> str:
    link, campaign = cells.get("link", "").strip(), cells.get("utm_campaign", "").strip()
    if not link or not UTM_SLUG.fullmatch(campaign):
        return link
    try:
        return tag_link(
            link,
            source=UTM_SOURCE,
            campaign=campaign,
            variant=VARIANT_NAMES[variant],
            campaign_code=code,
        )
    except ValueError:
        return link
