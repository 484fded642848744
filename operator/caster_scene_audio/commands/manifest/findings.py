"""What is wrong in a file, where, and what to write instead."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Line and column in a file, both from 1; the column counts characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    file: str
    place: Place
    rule: str
    """The kind of mistake in one word, such as `unknown-field`."""
    field: str
    """Where in the object, such as `spec.layers[0].volumeRate`; empty for the file as a whole."""
    message: str
    write: str = ""
    """What to write instead; empty where that can't be known."""
