"""All checks of one text or link in one object, for whoever reads a sheet (`model.TextChecks`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pushline.message import links, liquid, text_fit, utm
from pushline.model import AudienceColumn, Finding

# What a preview shows until the audience was counted: long for a first name, usual for a number.
SAMPLE_TEXT = "Александра"
SAMPLE_NUMBER = "12500"
SAMPLE_DATE = "2026-12-31"
_SAMPLES = {
    **dict.fromkeys(("int", "integer", "bigint", "smallint", "numeric", "number"), SAMPLE_NUMBER),
    "date": SAMPLE_DATE,
}


@dataclass(frozen=True, slots=True)
class MessageChecks:
    """The checks of this room under the link rules of the installation."""

    link_rules: links.LinkRules = field(default_factory=links.LinkRules)

    def check_link(self, link: str, /) -> Sequence[Finding]:
        """Say what is wrong with where a push leads."""
        return links.check_link(link, self.link_rules)

    def check_image(self, link: str, /) -> Sequence[Finding]:
        """Say what is wrong with the address of a picture."""
        return links.check_image(link, self.link_rules)

    def check_template(
        self, text: str, columns: Mapping[str, AudienceColumn] | None, /
    ) -> Sequence[Finding]:
        """Say what is wrong with the Liquid of a text."""
        return liquid.check_template(text, columns)

    def check_fit(
        self, text: str, place: text_fit.Place, columns: Mapping[str, AudienceColumn] | None, /
    ) -> Sequence[Finding]:
        """Say where phones cut the text, filled with the longest values of its fields.

        A body that is cut until it is opened is the usual case and no finding; `text_fit.fit`
        shows where.
        """
        try:
            filled = fill_with_longest(text, columns)
        except liquid.TextNotRendered:
            return []  # check_template says why
        findings = text_fit.fit(filled, place).findings
        if place == "title":
            return findings
        return [finding for finding in findings if not finding.code.startswith("fit_cut")]

    def suggest_campaign(self, text: str, /) -> str | None:
        """Return the nearest utm_campaign that is allowed, if there is one."""
        return utm.make_slug(text)


def fill_with_longest(text: str, columns: Mapping[str, AudienceColumn] | None) -> str:
    """Return the text as the person with the longest values reads it."""
    if "{" not in text:
        return text
    known = columns or {}
    fields = {name: _sample(known.get(name)) for name in liquid.list_fields(text)}
    return liquid.render(text, fields)


def _sample(column: AudienceColumn | None) -> str:
    if column is None:
        return SAMPLE_TEXT
    return column.longest or _SAMPLES.get(column.type, SAMPLE_TEXT)
