"""The CRD's copies of a scene's audio in the status, made from what its spec says of it.

The text between two comments in the CRD is made by `make chart`; the rest of the file stays as it is.
So a field of a layer is written once, in `spec.layers`; the first sentence of its description is
what the status says of it. One more copy is one more line in `COPIES`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import yaml

BEGINS = "# From here on `make chart` makes it from spec: dev/chart/definition.py.\n"
ENDS = "# Up to here.\n"
WIDTH = 100
"""Characters of a line, indentation included."""

KEPT = {"type", "properties", "items", "x-kubernetes-list-type"}
"""What a copy says besides a description: the status is written by the operator alone."""

UNTOLD = {"filter"}
"""Fields of a layer that can't be read back."""

Schema = Mapping[str, Any]


class NoPlaceError(Exception):
    """The CRD has no place, or more than one, for what is made."""

    def __init__(self, comment: str) -> None:
        super().__init__(f"The CRD must have this comment once: {comment.strip()}")


@dataclass(frozen=True, slots=True)
class Copy:
    """A field of the status that holds audio; `filters`: those of its layers too."""

    name: str
    description: str
    filters: bool = False


COPIES = (
    Copy(
        "observed",
        "The scene's audio as last read back, without filters; where the object observes or reports"
        " drift.",
    ),
    Copy(
        "applied",
        "What was last sent for this object, filters too, as a spec would say it. A spec that says"
        " something else is sent; one that says the same again is not. Empty where nothing was sent,"
        " as the scene was found as the spec says.",
        filters=True,
    ),
    Copy(
        "replaced",
        "The scene's audio as it was before the first write of this object, as a spec that could be"
        " applied again; without filters.",
    ),
)


def definition(crd: str, copies: tuple[Copy, ...] = COPIES) -> str:
    """The text of a CRD with the copies as they have to be."""
    before, rest = _parted(crd, BEGINS)
    _, after = _parted(rest, ENDS)
    indent = before[before.rindex("\n") + 1 :]
    fields = {each.name: _copy(each, _audio(crd)) for each in copies}
    made = "".join(f"{line}\n" for line in _lines(fields, indent))
    return f"{before}{BEGINS}{made}{indent}{ENDS}{after}"


def _parted(text: str, comment: str) -> tuple[str, str]:
    if text.count(comment) != 1:
        raise NoPlaceError(comment)
    before, _, after = text.partition(comment)
    return before, after


def _audio(crd: str) -> Schema:
    """The spec's fields that are sent, by name."""
    (version,) = yaml.safe_load(crd)["spec"]["versions"]
    spec = version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    return {name: spec[name] for name in ("followMode", "layers")}


def _copy(copy: Copy, audio: Schema) -> Schema:
    dropped = set() if copy.filters else UNTOLD
    fields = {name: _without_rules(field, dropped) for name, field in audio.items()}
    return {"description": copy.description, "type": "object", "properties": fields}


def _without_rules(schema: Schema, dropped: set[str]) -> Schema:
    sentence, *_ = schema["description"].split(". ")
    copied: dict[str, Any] = {"description": f"{sentence.removesuffix('.')}."}
    copied |= {name: value for name, value in schema.items() if name in KEPT}
    if "properties" in copied:
        copied["properties"] = {
            name: _without_rules(field, dropped)
            for name, field in schema["properties"].items()
            if name not in dropped
        }
    if "items" in copied:
        copied["items"] = _without_rules(schema["items"], dropped)
    return copied


def _lines(fields: Schema, indent: str) -> Iterator[str]:
    """As YAML: what is too long, or would mean something else, in a folded block."""
    for name, value in fields.items():
        if not isinstance(value, str):
            yield f"{indent}{name}:"
            yield from _lines(value, f"{indent}  ")
        elif len(line := f"{indent}{name}: {value}") <= WIDTH and ": " not in value:
            yield line
        else:
            yield f"{indent}{name}: >-"
            yield from wrap(
                value,
                WIDTH,
                initial_indent=f"{indent}  ",
                subsequent_indent=f"{indent}  ",
                break_on_hyphens=False,
            )
