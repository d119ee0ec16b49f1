"""Google's own description of the Sheets API, as a judge of what goes in and out of the stub.

sheets.v4.json is the discovery document of google-api-python-client 2.202.0 (Apache License 2.0,
sheets.v4.LICENSE), byte for byte.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

DOCUMENT = Path(__file__).with_name("sheets.v4.json")
_NAME = re.compile(r"[\w*]+")


@cache
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return read


def check(value: object, schema: str) -> list[str]:
    """Return what of a body Google's schema does not know."""
    return [
        f"{schema}{''.join(f'/{part}' for part in error.absolute_path)}: {error.message[:200]}"
        for error in _validator(schema).iter_errors(value)
    ]


def check_parameters(method: str, given: dict[str, list[str]]) -> list[str]:
    """Return the query parameters that the method does not take."""
    spec = document()["resources"]["spreadsheets"]["methods"][method]
    known = {**document()["parameters"], **spec.get("parameters", {})}
    faults = [f"{method} takes no parameter {name}" for name in given if name not in known]
    return faults + [
        f"{name} may be given once"
        for name, values in given.items()
        if len(values) > 1 and not known.get(name, {}).get("repeated")
    ]


def read_mask(mask: str, schema: str) -> dict[str, Any]:
    """Return a field mask as a tree; ValueError for a field that the schema does not have."""
    tree, rest = _read_fields(mask)
    if rest:
        raise ValueError(f"cannot read the field mask at {rest!r}")
    _check_mask(tree, {"$ref": schema})
    return tree


def apply_mask(value: Any, tree: dict[str, Any]) -> Any:
    """Return only what the mask asks for."""
    if not tree or "*" in tree:
        return value
    if isinstance(value, list):
        return [apply_mask(item, tree) for item in value]
    return {key: apply_mask(value[key], below) for key, below in tree.items() if key in value}


def _read_fields(text: str) -> tuple[dict[str, Any], str]:
    tree: dict[str, Any] = {}
    while True:
        name = _NAME.match(text)
        if not name:
            raise ValueError(f"cannot read the field mask at {text!r}")
        below: dict[str, Any] = {}
        text = text[name.end() :]
        if text[:1] == "(":
            below, text = _read_fields(text[1:])
            if text[:1] != ")":
                raise ValueError("a bracket of the field mask is not closed")
            text = text[1:]
        elif text[:1] in {"/", "."}:
            below, text = _read_fields(text[1:])
            return tree | {name[0]: below}, text
        tree[name[0]] = below
        if text[:1] != ",":
            return tree, text
        text = text[1:]


def _check_mask(tree: dict[str, Any], schema: dict[str, Any]) -> None:
    while "$ref" in schema or schema.get("type") == "array":
        schema = schema["items"] if "items" in schema else document()["schemas"][schema["$ref"]]
    for name, below in tree.items():
        if name == "*":
            continue
        if name not in schema.get("properties", {}):
            raise ValueError(f"the field mask asks for {name!r}, which Google does not have")
        if below:
            _check_mask(below, schema["properties"][name])


@cache
def _validator(schema: str) -> Any:
    schemas = {name: _translate(value) for name, value in document()["schemas"].items()}
    root = {"$ref": f"#/schemas/{schema}", "schemas": schemas}
    return jsonschema.Draft7Validator(root)


def _translate(value: Any) -> Any:
    """Discovery names a type by its id, and knows every property there is."""
    if isinstance(value, list):
        return [_translate(item) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {"$ref": f"#/schemas/{value['$ref']}"}
    kept = {
        key: _translate(item)
        for key, item in value.items()
        if key in {"type", "items", "enum", "additionalProperties"}
    }
    if kept.get("type") == "any":
        del kept["type"]
    if isinstance(value.get("properties"), dict):
        kept["properties"] = {key: _translate(item) for key, item in value["properties"].items()}
        kept.setdefault("additionalProperties", False)
    return kept
