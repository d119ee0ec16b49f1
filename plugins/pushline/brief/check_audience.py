"""Rules of whom a row reaches: audience, exclusions, their parameters, kind and goal."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pushline.brief.audience_cell import AudienceCall, convert_parameter
from pushline.brief.notes import Note, Rules, say, warn
from pushline.brief.sentences import SENTENCES
from pushline.brief.sheet import COLUMNS, SheetRow
from pushline.model import AudienceCard, AudienceCatalogue, AudienceParameter
from pushline.sentence import Sentence

_TYPE_WORDS = {
    **dict.fromkeys(("int", "integer", "bigint"), Sentence.say(SENTENCES, "type_number")),
    "date": Sentence.say(SENTENCES, "type_date"),
    "boolean": Sentence.say(SENTENCES, "type_boolean"),
}
# The clock is given to every audience by the planner, never by a brief.
GIVEN = frozenset(("now",))


def check_audience(row: SheetRow, rules: Rules, audiences: AudienceCatalogue) -> Iterator[Note]:
    """Yield what is wrong with whom the row reaches."""
    if row.audience:
        yield from _check_call("audience", row.audience, rules, audiences)
    for call in row.exclude:
        yield from _check_call("exclude", call, rules, audiences)
        if row.audience and str(call) == str(row.audience):
            yield say(
                "exclude",
                "excludes_itself",
                depends_on=("audience",),
                header=COLUMNS["exclude"].header,
            )
    if row.kind == "service" and not row.service_reason:
        header = COLUMNS["service_reason"].header
        yield say("service_reason", "service_reason", depends_on=("kind",), header=header)
    if row.kind == "service" and (row.promo_start or row.promo_end):
        yield warn("kind", "service_looks_promo", fix="promo")
    if row.goal_event and rules.goal_events and row.goal_event not in rules.goal_events:
        words: dict[str, Any] = {"value": row.goal_event, "choices": ", ".join(rules.goal_events)}
        yield say("goal_event", "unknown_goal", **words)


def _check_call(
    column: str, call: AudienceCall, rules: Rules, audiences: AudienceCatalogue
) -> Iterator[Note]:
    card = audiences.get(call.name)
    if card is None and call.name in rules.broken_audiences:
        # No other name is offered: what was meant is clear, and others would get the push.
        why = rules.broken_audiences[call.name]
        yield say(column, "broken_audience", name=call.name, why=why)
        return
    if card is None:
        near = get_close_matches(call.name, list(audiences), n=1)
        hint = Sentence.say(SENTENCES, "did_you_mean", name=near[0]) if near else ""
        fix = str(AudienceCall(name=near[0], parameters=call.parameters)) if near else None
        yield say(column, "unknown_audience", fix=fix, name=call.name, hint=hint)
        return
    yield from _check_parameters(column, call, card)


def _check_parameters(column: str, call: AudienceCall, card: AudienceCard) -> Iterator[Note]:
    known = {name: it for name, it in card.parameters.items() if name not in GIVEN}
    for name, value in call.parameters.items():
        if name not in known:
            words: dict[str, Any] = {"audience": card.name, "known": ", ".join(known) or "—"}
            yield say(column, "unknown_parameter", name=name, **words)
        else:
            yield from _check_value(column, name, value, known[name])
    for name, parameter in known.items():
        if parameter.required and name not in call.parameters:
            yield say(column, "missing_parameter", audience=card.name, name=name)


def _check_value(
    column: str, name: str, value: object, parameter: AudienceParameter
) -> Iterator[Note]:
    try:
        convert_parameter(value, parameter)
    except ValueError:
        kind = _TYPE_WORDS.get(parameter.type, parameter.type)
        words: dict[str, Any] = {"name": name, "value": str(value), "type": kind}
        yield say(column, "bad_parameter", **words)
        return
    if parameter.choices and str(value) not in parameter.choices:
        yield say(column, "parameter_choice", name=name, choices=", ".join(parameter.choices))
