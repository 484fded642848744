"""One object against the CRD's schema and its rules."""

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from caster_scene_audio.commands.manifest.definition import Schema, broken_rules, schema
from caster_scene_audio.commands.manifest.findings import Finding, Place
from caster_scene_audio.commands.manifest.nodes import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    plain,
)
from caster_scene_audio.commands.manifest.scalars import is_octal
from caster_scene_audio.commands.validate.corrections import correction
from caster_scene_audio.commands.validate.metadata import names_of
from caster_scene_audio.commands.validate.misplaced import advice

_WORDS = {
    "string": "a text",
    "number": "a number, without quotes and without a unit",
    "integer": "a whole number, without quotes and without a unit",
    "boolean": "true or false, without quotes",
    "array": "a list",
    "object": "fields of its own, each on a line below, indented",
}


@dataclass(frozen=True, slots=True)
class _Spot:
    """A value's own field: its name, its path in the object, and where its name stands."""

    name: str
    path: str
    place: Place


def check(node: Mapping, file: str) -> list[Finding]:
    """All that is wrong with an object, in no order."""
    whole = schema()
    check = _Check(file, whole)
    found = [*names_of(node, file), *check.twice(node, "")]
    found.extend(
        check.unknown(entry, entry.name, node, whole)
        for entry in node.entries
        if entry.name not in whole["properties"]
    )
    found.extend(check.spec(node, node.get("spec")))
    return found


class _Check:
    def __init__(self, file: str, whole: Schema) -> None:
        self._file = file
        self._whole = whole

    def finding(self, spot: _Spot, rule: str, message: str, write: str = "") -> Finding:
        return Finding(
            file=self._file,
            place=spot.place,
            rule=rule,
            field=spot.path,
            message=message,
            write=write,
        )

    def spec(self, node: Mapping, entry: Entry | None) -> Iterator[Finding]:
        spot = _Spot("spec", "spec", entry.place if entry else node.place)
        if entry is None or _is_null(entry.value):
            write = "spec:, and its fields below it, indented by two spaces"
            yield self.finding(spot, "required", "spec is empty", write)
        else:
            yield from self.value(entry.value, self._whole["properties"]["spec"], spot)

    def value(self, node: Node, of: Schema, spot: _Spot) -> Iterator[Finding]:
        if not _is_of(node, of["type"]):
            wanted = " or ".join(of["enum"]) if "enum" in of else _WORDS[of["type"]]
            message = f"must be {wanted}, not {_shown(node)}"
            yield self.finding(spot, "type", message, correction(spot.name, node, of))
            return
        if isinstance(node, Mapping):
            yield from self._mapping(node, of, spot)
        elif isinstance(node, Sequence):
            yield from self._sequence(node, of, spot)
        else:
            yield from self._scalar(node, of, spot)

    def twice(self, node: Node, path: str) -> Iterator[Finding]:
        """Each name that stands again in one mapping: YAML takes the last and says nothing."""
        if isinstance(node, Sequence):
            for number, item in enumerate(node.items):
                yield from self.twice(item, f"{path}[{number}]")
        if not isinstance(node, Mapping):
            return
        known: dict[str, Entry] = {}
        for entry in node.entries:
            here = f"{path}.{entry.name}" if path else entry.name
            first = known.setdefault(entry.name, entry)
            if first is not entry:
                message = f"{entry.name} stands here twice; the first is in line {first.place.line}"
                spot = _Spot(entry.name, here, entry.place)
                yield self.finding(
                    spot, "twice", message, f"{entry.name} once: take one of them out"
                )
            yield from self.twice(entry.value, here)

    def unknown(self, entry: Entry, path: str, beside: Mapping, of: Schema) -> Finding:
        said, write = advice(entry, beside, of, self._whole)
        spot = _Spot(entry.name, path, entry.place)
        return self.finding(
            spot, "unknown-field", f"there is no field {entry.name} here; {said}", write
        )

    def _mapping(self, node: Mapping, of: Schema, spot: _Spot) -> Iterator[Finding]:
        found = []
        known = of.get("properties", {})
        for entry in node.entries:
            path = f"{spot.path}.{entry.name}"
            if entry.name not in known:
                found.append(self.unknown(entry, path, node, of))
            elif not _is_null(entry.value):
                inner = _Spot(entry.name, path, entry.place)
                found.extend(self.value(entry.value, known[entry.name], inner))
        given = plain(node)
        found.extend(
            self._missing(name, known[name], spot)
            for name in of.get("required", ())
            if name not in given
        )
        yield from found or self._rules(node, of, spot)

    def _missing(self, name: str, of: Schema, spot: _Spot) -> Finding:
        told = " ".join(of["description"].split()).split(". ")[0].rstrip(".")
        _, _, example = told.rpartition(", such as ")
        message = f"{name} is missing: {told}"
        return self.finding(spot, "required", message, f"{name}: {example}")

    def _sequence(self, node: Sequence, of: Schema, spot: _Spot) -> Iterator[Finding]:
        for number, item in enumerate(node.items):
            path = f"{spot.path}[{number}]"
            yield from self.value(item, of["items"], _Spot(spot.name, path, item.place))
        size = len(node.items)
        broken = list(self._rules(node, of, spot))
        if not of.get("minItems", 0) <= size <= of.get("maxItems", math.inf) and not broken:
            message = f"takes {of['minItems']} to {of['maxItems']} entries, not {size}"
            yield self.finding(spot, "size", message)
        yield from broken

    def _scalar(self, node: Scalar, of: Schema, spot: _Spot) -> Iterator[Finding]:
        if node.is_plain and is_octal(node.raw) and of["type"] in {"number", "integer"}:
            message = f"YAML reads {node.raw} as an octal number, {node.value}"
            yield self.finding(spot, "octal", message, f"{spot.name}: {node.raw.lstrip('0')}")
            return
        broken = [
            self.finding(spot, "rule", each, correction(spot.name, node, of))
            for each in broken_rules(of, node.value)
        ]
        refused = None if broken else _refusal(node.value, of)
        if refused:
            broken = [self.finding(spot, "value", refused, correction(spot.name, node, of))]
        yield from broken

    def _rules(self, node: Node, of: Schema, spot: _Spot) -> Iterator[Finding]:
        value = plain(node)
        for each in broken_rules(of, value):
            here = spot
            if isinstance(node, Sequence) and node.items:
                number = _first_broken(of, value, each)
                here = _Spot(spot.name, f"{spot.path}[{number}]", node.items[number].place)
            yield self.finding(here, "rule", each, each)


def _first_broken(of: Schema, value: list[object], message: str) -> int:
    """The entry with which a list begins to break the rule."""

    def is_broken(length: int) -> bool:
        return message in broken_rules(of, value[:length])

    return min(bisect_left(range(1, len(value) + 1), x=True, key=is_broken), len(value) - 1)


def _is_of(node: Node, kind: str) -> bool:
    if kind in {"object", "array"}:
        return isinstance(node, Mapping if kind == "object" else Sequence)
    if not isinstance(node, Scalar):
        return False
    value = node.value
    if kind in {"string", "boolean"}:
        return isinstance(value, str if kind == "string" else bool)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if isinstance(value, int):
        return True
    return value.is_integer() if kind == "integer" else math.isfinite(value)


def _refusal(value: object, of: Schema) -> str | None:
    """Why a value of the right type isn't taken."""
    if "enum" in of and value not in of["enum"]:
        return f"must be {' or '.join(of['enum'])}, not {value}"
    if isinstance(value, str):
        low, high = of.get("minLength", 0), of.get("maxLength", math.inf)
        return None if low <= len(value) <= high else f"must have {low} to {high} characters"
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = of.get("minimum", -math.inf), of.get("maximum", math.inf)
        return None if low <= value <= high else f"must be from {low} to {high}, not {value}"
    return None


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _shown(node: Node) -> str:
    if isinstance(node, Mapping):
        return "fields"
    if isinstance(node, Sequence):
        return "a list"
    if node.value is None:
        return "empty"
    if not node.is_plain:
        return f'"{node.raw}"'
    if isinstance(node.value, bool) and node.raw.lower() not in {"true", "false"}:
        return f"{node.raw}, which YAML reads as {'true' if node.value else 'false'}"
    return node.raw
