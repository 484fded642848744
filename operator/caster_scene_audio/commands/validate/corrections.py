"""What to write instead of a value that its field doesn't take."""

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from caster_scene_audio.commands.manifest.definition import Schema, broken_rules
from caster_scene_audio.commands.manifest.nodes import Mapping, Node, Scalar
from caster_scene_audio.commands.validate.near_names import is_off, near_choice
from caster_scene_audio.commands.validate.quantities import (
    Quantity,
    as_duration,
    as_milliseconds,
    as_multiple,
    quantity,
)

_UNITS: dict[str, Callable[[Quantity], str | None]] = {
    "volumeRate": as_multiple,
    "fixedDelayMilliseconds": as_milliseconds,
    "interval": as_duration,
}
_YES = {"true", "yes", "on", "y", "1", "enabled"}


def correction(field: str, node: Node, schema: Schema) -> str:
    """The line, or the lines, to write for this field; empty where nothing can be said."""
    kind = schema["type"]
    if not isinstance(node, Scalar):
        return _list(field, node) if kind == "array" else ""
    if "enum" in schema:
        return _choice(field, node, schema["enum"])
    if kind in _BY_KIND:
        return _BY_KIND[kind](field, node, schema)
    return _dashes(field) if kind == "array" else _text(field, node, schema)


def _number(field: str, node: Scalar, schema: Schema) -> str:
    found = quantity(node.raw)
    convert = _UNITS.get(field)
    limits = _limits(field, node.value, schema)
    if found is None or convert is None:
        return limits
    for meant in _meant(found, field):
        written = convert(meant)
        if written is not None and _is_within(written, schema):
            return f"{field}: {written}"
    return limits


def _limits(field: str, value: Any, schema: Schema) -> str:
    low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    is_above = isinstance(value, int | float) and value > high
    return f"{field}: {high if is_above else low} ({low} to {high} is taken)"


def _meant(found: Quantity, field: str) -> Iterator[Quantity]:
    """As it is written, then with the unit that the size of a bare number speaks for."""
    yield found
    if field == "volumeRate" and not found.unit:
        yield Quantity(found.number, "db" if found.number < 0 else "%")


def _is_within(written: str, schema: Schema) -> bool:
    number = float(written.partition(" ")[0])
    return bool(schema.get("minimum", -math.inf) <= number <= schema.get("maximum", math.inf))


def _boolean(field: str, node: Scalar, _: Schema) -> str:
    word = node.raw.strip().lower()
    if word in _YES or is_off(word):
        return f"{field}: {'true' if word in _YES else 'false'}"
    return f"{field}: true, or {field}: false"


def _choice(field: str, node: Scalar, choices: list[str]) -> str:
    if isinstance(node.value, bool) and node.raw.lower() in {"off", "no", "n"}:
        return _without(field, choices)
    meant = near_choice(field, _told(node), choices)
    if meant is not None:
        return f"{field}: {meant}"
    if is_off(node.raw):
        return _without(field, choices)
    return " or ".join(f"{field}: {choice}" for choice in choices)


def _told(node: Scalar) -> str:
    return json.dumps(node.value) if isinstance(node.value, bool) else node.raw


def _without(field: str, choices: list[str]) -> str:
    return f"nothing: leave {field} out. Else one of {', '.join(choices)}"


def _text(field: str, node: Scalar, schema: Schema) -> str:
    if not isinstance(node.value, str):
        if field in _UNITS and (found := quantity(node.raw)):
            return f"{field}: {_UNITS[field](found)}"
        return f"{field}: {json.dumps(node.raw, ensure_ascii=False)} (with the quotes)"
    for candidate in _candidates(field, node.value):
        if candidate != node.value and is_text_for(schema, candidate):
            return f"{field}: {candidate}"
    return ""


def is_text_for(schema: Schema, text: str) -> bool:
    """Whether a string field takes the text."""
    length = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", math.inf)
    return length and not broken_rules(schema, text)


def _candidates(field: str, text: str) -> Iterator[str]:
    if field in _UNITS and (found := quantity(text)):
        yield _UNITS[field](found) or ""
    if field in _UNITS:
        yield "".join(text.split()).lower()
        yield f"{''.join(text.split()).lower()}s"
    yield from spellings(text)


def spellings(text: str) -> Iterator[str]:
    """The same with fewer and fewer of the characters that names don't take."""
    narrow = unicodedata.normalize("NFKC", text).strip()
    for each in (narrow, "".join(narrow.split())):
        yield each
        yield each.lower()
        yield re.sub(r"[_\s]+", "-", each).lower()
    yield re.sub(r"[^a-z0-9.-]+", "-", narrow.lower()).strip("-.")


def _object(field: str, node: Scalar, schema: Schema) -> str:
    """A text where an object stands that has one field: it is meant for that field."""
    names = list(schema.get("properties", {}))
    if node.value is None:
        first = (schema.get("required") or names)[0]
        return f"{first}: and its value here, or take the empty entry out"
    if isinstance(node.value, str) and (missed := re.match(r"([A-Za-z]+)[:：](.+)", node.value)):
        return f"{missed[1]}: {missed[2].strip()} (with a colon and a space)"
    if len(names) == 1:
        return (
            f"{field}:, and on the next line, indented by two spaces more, {names[0]}: {node.raw}"
        )
    return f"one of the fields {', '.join(names)} here"


def _dashes(field: str) -> str:
    return f"{field}: on a line of its own, then each entry on a line that begins with “- ”"


def _list(field: str, node: Any) -> str:
    if isinstance(node, Mapping) and node.entries:
        first = node.entries[0]
        value = first.value.raw if isinstance(first.value, Scalar) else "…"
        return f"“- ” before each entry of {field}: - {first.name}: {value}"
    return ""


_BY_KIND: dict[str, Callable[[str, Scalar, Schema], str]] = {
    "number": _number,
    "integer": _number,
    "boolean": _boolean,
    "object": _object,
}
