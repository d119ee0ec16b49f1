"""The grammar of an audience in a cell: big_spenders or buyers_of_category(category=music)."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from pushline.brief.cells import clean_text, fail, split_list
from pushline.model import AudienceParameter

_CALL = re.compile(r"([a-z][a-z0-9_]{0,62})\s*(?:\((.*)\))?", re.DOTALL)
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


class AudienceCall(BaseModel):
    """An audience by name with the parameters that a brief gives it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    parameters: dict[str, Any] = {}

    def __str__(self) -> str:
        inside = ", ".join(f"{key}={_write(value)}" for key, value in self.parameters.items())
        return f"{self.name}({inside})" if inside else self.name


def parse_audience(value: object) -> AudienceCall | None:
    """Read one audience; a bad cell raises the sentence bad_audience_cell."""
    if isinstance(value, AudienceCall):
        return value
    if isinstance(value, Mapping):
        return AudienceCall.model_validate(value)
    text = clean_text(value)
    if text is None:
        return None
    match = _CALL.fullmatch(text)
    if not match:
        raise fail("bad_audience_cell")
    parameters: dict[str, Any] = {}
    for piece in split_list(match[2], ",;"):
        name, equals, given = (part.strip() for part in piece.partition("="))
        if not equals or not _NAME.fullmatch(name) or name in parameters:
            raise fail("bad_audience_cell")
        parameters[name] = _read(given)
    return AudienceCall(name=match[1], parameters=parameters)


def parse_audiences(value: object) -> tuple[AudienceCall, ...]:
    """Read a list of audiences, parted by commas, semicolons or lines; repeats collapse."""
    if isinstance(value, list | tuple):
        calls = [parse_audience(part) for part in value]
    else:
        calls = [parse_audience(part) for part in split_list(value)]
    return tuple({str(call): call for call in calls if call}.values())


def convert_parameter(value: Any, parameter: AudienceParameter) -> Any:
    """Return the value as the JSON that the type wants; ValueError if it does not fit."""
    kind = parameter.type.strip().casefold()
    convert = _CONVERTERS.get(kind.removesuffix("[]"), str)
    if kind.endswith("[]"):
        return [convert(_text(part)) for part in (value if isinstance(value, list) else [value])]
    if isinstance(value, list):
        raise ValueError(parameter.name)  # noqa: TRY004 - callers ask one question
    return convert(_text(value))


def _read(given: str) -> str | list[str]:
    if given.startswith("[") and given.endswith("]"):
        return [_unquote(part) for part in split_list(given[1:-1], ",;")]
    return _unquote(given)


def _unquote(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _write(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_write(part) for part in value)}]"
    text = _text(value)
    return text if re.fullmatch(r"[\w.+-]+", text) else f'"{text}"'


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _boolean(text: str) -> bool:
    truths = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.casefold() not in truths:
        raise ValueError(text)
    return truths[text.casefold()]


def _number(text: str) -> float:
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise ValueError(text)
    return float(text)


_CONVERTERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("int", "integer", "bigint", "smallint"), int),
    **dict.fromkeys(("numeric", "real", "double precision", "float"), _number),
    **dict.fromkeys(("boolean", "bool"), _boolean),
    "date": lambda text: dt.date.fromisoformat(text).isoformat(),
}
