"""Personal texts in Liquid: which fields a text uses, whether they can be empty, the filled text.

A text is parsed once a process and rendered once per distinct set of its fields. Tags and
filters are an allow-list; output, loops and variables are limited, so that no text can take
the sender down.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate, Environment, Mode, RenderContext, StrictDefaultUndefined
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.filters.math import times
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.exceptions import LiquidError, LiquidSyntaxError, LiquidValueError

from pushline.errors import GiveUpRow
from pushline.message.liquid_faults import explain_fault
from pushline.message.sentences import LIQUID_FAULTS, SENTENCES
from pushline.model import AudienceColumn, Finding
from pushline.sentence import Sentence

LONGEST_TEMPLATE = 2_000
LONGEST_OUTPUT = 4_000
LARGEST_NUMBER = 10**18
MOST_BRACKETS = 10

ALLOWED_TAGS = frozenset(
    ("if", "unless", "case", "for", "break", "continue", "assign", "comment", "#")
)
ALLOWED_FILTERS = frozenset(
    (
        *("default", "capitalize", "upcase", "downcase", "strip", "truncate", "truncatewords"),
        *("append", "prepend", "remove", "first", "last", "join", "size", "date"),
        *("plus", "minus", "times", "divided_by", "modulo", "abs", "ceil", "floor"),
        *("at_least", "at_most"),
    )
)
_BRACE = re.compile(r"[{}]")
_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# A loop walks to its offset and turns its list before any limit looks: ranges are short, and
# written as numbers.
_RANGE = re.compile(r"\(\s*-?\d{1,3}\s*\.\.\s*-?\d{1,3}\s*\)")
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_FOR = re.compile(r"\{%-?\s*for\b")
# Liquid writes blank, empty and nil back as nothing.
_PROVES_NOTHING = re.compile(r"\bor\b|==\s*(false\b|''|$|\band\b)")


class _GrammarError(LiquidSyntaxError):
    """A fault of grammar that we look for ourselves."""

    def __init__(self, code: str, /, **words: object) -> None:
        self.detail = Sentence.say(LIQUID_FAULTS, code, **words)
        super().__init__(self.detail.en, token=None)


class _NumberError(LiquidValueError):
    """A number that we do not let grow."""

    def __init__(self, code: str, /, **words: object) -> None:
        self.detail = Sentence.say(LIQUID_FAULTS, code, **words)
        super().__init__(self.detail.en, token=None)


class TextNotRendered(GiveUpRow):
    """A text could not be filled for these fields; the push is set aside, the others go on."""


def _multiply(number: object, other: object) -> object:
    """As the filter `times`, but numbers that are squared again and again come to an end."""
    product = times(number, other)
    if isinstance(product, int) and abs(product) > LARGEST_NUMBER:
        raise _NumberError("large_number", limit=18)
    return product


class _PushEnvironment(Environment):
    output_stream_limit = LONGEST_OUTPUT
    loop_iteration_limit = 200
    local_namespace_limit = 20_000
    block_nesting_limit = 10
    context_depth_limit = 10

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        pseudo_tags = {name for name in self.tags if not name[0].isalpha()}
        for name in set(self.tags) - ALLOWED_TAGS - pseudo_tags - {"content", "output", "illegal"}:
            del self.tags[name]
        for name in set(self.filters) - ALLOWED_FILTERS:
            del self.filters[name]
        self.filters["times"] = _multiply


_ENVIRONMENT = _PushEnvironment(
    tolerance=Mode.STRICT, undefined=StrictDefaultUndefined, strict_filters=True
)


@lru_cache(maxsize=4_096)
def _parse(text: str) -> BoundTemplate:
    for markup in _MARKUP.findall(text):
        _check_markup(markup)
    return _ENVIRONMENT.from_string(text)


def _check_markup(markup: str) -> None:
    # With a backslash in it nobody knows where a string ends.
    bare = markup if "\\" in markup else _STRING.sub("''", markup)
    if _RANGE.search(bare) and not _FOR.match(bare):
        raise _GrammarError("range_outside")
    if ".." in _RANGE.sub("", bare):
        raise _GrammarError("range_limits", limit=1_000)
    if bare.count("[") + bare.count("(") > MOST_BRACKETS:
        raise _GrammarError("many_brackets", limit=MOST_BRACKETS)


@lru_cache(maxsize=4_096)
def _used_names(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    analysis = _parse(text).analyze(include_partials=False)
    return tuple(analysis.globals), tuple(analysis.filters)


def list_fields(text: str) -> tuple[str, ...]:
    """Return the names of the fields a text uses, in order of use; raises TextNotRendered."""
    try:
        return _used_names(text)[0]
    except (LiquidError, RecursionError) as error:
        raise _not_rendered(error) from error


def check_template(text: str, columns: Mapping[str, AudienceColumn] | None) -> list[Finding]:
    """Say what is wrong with a personal text.

    columns: what the audience offers; None: it is not chosen yet, only the grammar is checked.
    """
    if len(text) > LONGEST_TEMPLATE:
        return [_finding("text_too_long", limit=LONGEST_TEMPLATE)]
    if _BRACE.search(_MARKUP.sub("", text)):
        return [_finding("text_raw_brace")]
    try:
        template = _parse(text)
        fields, filters = _used_names(text)
    except (LiquidError, RecursionError) as error:
        return [_finding("text_liquid_syntax", detail=explain_fault(error))]
    findings = [
        _finding("text_unknown_filter", name=name, known=", ".join(sorted(ALLOWED_FILTERS)))
        for name in filters
        if name not in ALLOWED_FILTERS
    ]
    if columns is None:
        return findings
    findings += [_unknown_field(name, columns) for name in fields if name not in columns]
    bare = dict.fromkeys(_find_bare_fields(template.nodes, RenderContext(template), frozenset()))
    findings += [
        _nullable_field(columns[name])
        for name in bare
        if name in columns and columns[name].nullable
    ]
    return findings


def render(text: str, fields: Mapping[str, Any]) -> str:
    """Fill one text. Empty columns are None; a field that is missing is an error.

    Raises TextNotRendered with a sentence if the text cannot be filled or grows too long.
    """
    try:
        return _parse(text).render(**{name: _plain(value) for name, value in fields.items()})
    except (LiquidError, ArithmeticError, ValueError, TypeError, RecursionError) as error:
        raise _not_rendered(error) from error


def render_all(text: str, rows: Sequence[Mapping[str, Any]]) -> list[str | TextNotRendered]:
    """Fill one text for many people, once per distinct set of the fields that it uses.

    Returns one text a row, in order; where a row cannot be filled, the error in its place.
    """
    fields = list_fields(text)
    done: dict[tuple[str, ...], str | TextNotRendered] = {}
    filled: list[str | TextNotRendered] = []
    for row in rows:
        # repr keeps 1, 1.0 and True apart, and 'None' from None
        key = tuple(repr(row[name]) if name in row else "" for name in fields)
        if key not in done:
            try:
                done[key] = render(text, row)
            except TextNotRendered as error:
                done[key] = error
        filled.append(done[key])
    return filled


def _not_rendered(error: Exception) -> TextNotRendered:
    detail = explain_fault(error)
    return TextNotRendered(sentence=Sentence.say(SENTENCES, "text_not_filled", detail=detail))


def _plain(value: Any) -> Any:
    # Liquid reads attributes of what it is given; nothing but plain values goes in.
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value)


def _find_bare_fields(
    nodes: Sequence[Node], context: RenderContext, guarded: frozenset[str]
) -> Iterator[str]:
    """Yield fields that are printed without a default and without an `if` of the same field."""
    for node in nodes:
        if isinstance(node, OutputNode | AssignNode):
            name = _bare_name(node.expression)
            if name and name not in guarded:
                yield name
        elif isinstance(node, IfNode):
            inside = guarded | _names_shown_filled(str(node.condition))
            yield from _find_bare_fields([node.consequence], context, inside)
            others = [*node.alternatives, *([node.default] if node.default else [])]
            yield from _find_bare_fields(others, context, guarded)
        else:
            inner = list(node.children(context, include_partials=False))
            yield from _find_bare_fields(inner, context, guarded)


def _bare_name(expression: object) -> str | None:
    if not isinstance(expression, FilteredExpression) or not isinstance(expression.left, Path):
        return None
    if any(filter_.name == "default" for filter_ in expression.filters or ()):
        return None
    return str(expression.left.path[0])


def _names_shown_filled(condition: str) -> frozenset[str]:
    if _PROVES_NOTHING.search(condition):
        return frozenset()
    return frozenset(re.findall(r"[\w-]+", condition))


def _unknown_field(name: str, columns: Mapping[str, AudienceColumn]) -> Finding:
    if not columns:
        return _finding("text_no_fields", name=name)
    return _finding("text_unknown_field", name=name, known=", ".join(sorted(columns)))


def _nullable_field(column: AudienceColumn) -> Finding:
    if column.empty_share:
        percent = max(1, round(column.empty_share * 100))
        share = Sentence.say(SENTENCES, "share_of_people", percent=percent)
    else:
        share = Sentence.say(SENTENCES, "some_people")
    return _finding("text_nullable_field", name=column.name, share=share)


def _finding(code: str, **words: object) -> Finding:
    return Finding(code, Sentence.say(SENTENCES, code, **words))
