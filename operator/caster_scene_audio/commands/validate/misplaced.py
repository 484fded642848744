"""Fields that a schema doesn't know where they stand: of another place, or of another name."""

from collections.abc import Iterator

from caster_scene_audio.commands.manifest.definition import Schema
from caster_scene_audio.commands.manifest.nodes import Entry, Mapping, Node, Scalar, Sequence
from caster_scene_audio.commands.validate.near_names import is_off, near_choice, near_field


def advice(entry: Entry, beside: Mapping, schema: Schema, whole: Schema) -> tuple[str, str]:
    """What the message says of a field that isn't known, and what to write."""
    known = schema.get("properties", {})
    if place := _home(entry, beside, schema, whole):
        return place
    if near := near_field(entry.name, known):
        return f"did you mean {near}?", _as(near, entry, known[near])
    for path, inner in _inside(schema):
        if near := near_field(entry.name, inner.get("properties", {})):
            written = _as(near, entry, inner["properties"][near])
            return f"did you mean {near} of {path}?", f"{written}, below {path}"
    return f"the fields here are {', '.join(known)}", f"nothing: take {entry.name} out"


def _home(entry: Entry, beside: Mapping, schema: Schema, whole: Schema) -> tuple[str, str] | None:
    """Where a field belongs that is of this name elsewhere."""
    for path, inner in _inside(schema):
        if entry.name in inner.get("properties", {}):
            spaces = _column(entry, beside, path) - 1
            message = f"it belongs to {path}, and stands outside of it"
            return message, f"{spaces} spaces before it: {' ' * spaces}{_line(entry)}"
    for path, outer in _inside(whole):
        if entry.name in outer.get("properties", {}) and outer is not schema:
            return f"it belongs to {path}, not here", f"it below {path}: {_line(entry)}"
    return None


def _inside(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """The objects that stand within, with their paths; a list's entries as `[]`."""
    for name, inner in schema.get("properties", {}).items():
        if name == "status":
            continue
        here = f"{path}.{name}" if path else name
        found, suffix = (inner["items"], "[]") if "items" in inner else (inner, "")
        if found.get("type") == "object":
            yield here + suffix, found
            yield from _inside(found, here + suffix)


def _column(entry: Entry, beside: Mapping, path: str) -> int:
    """The column of the fields that it belongs to, as written; else two more than its own."""
    node: Node = beside
    for name in path.split("."):
        found = node.get(name.removesuffix("[]")) if isinstance(node, Mapping) else None
        node = found.value if found else node
        if isinstance(node, Sequence) and node.items:
            node = node.items[-1]
    if isinstance(node, Mapping) and node is not beside and node.entries:
        return node.entries[0].place.column
    return entry.place.column + 2 * len(path.split("."))


def _as(name: str, entry: Entry, schema: Schema) -> str:
    """The field that was meant, with the value that it has there."""
    value = entry.value
    if not isinstance(value, Scalar):
        return f"{name}:"
    if entry.name.lower() in {"mute", "muted"}:
        return f"{name}: {1 if is_off(value.raw) else 0}"
    if "enum" in schema:
        return f"{name}: {near_choice(name, value.raw, schema['enum']) or schema['enum'][0]}"
    return f"{name}: {value.raw}"


def _line(entry: Entry) -> str:
    return f"{entry.name}: {entry.value.raw if isinstance(entry.value, Scalar) else ''}".rstrip()
