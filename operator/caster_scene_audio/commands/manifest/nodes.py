"""A YAML document as values that know where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from caster_scene_audio.commands.manifest.findings import Place
from caster_scene_audio.commands.manifest.scalars import value_of

MAX_VALUES = 100_000
"""More in one document, as anchors make of a few lines, is no set of scenes."""
MAX_DEPTH = 100
_TEXT = "tag:yaml.org,2002:str"


class TooLargeError(Exception):
    """A document of more values than MAX_VALUES, or nested deeper than MAX_DEPTH."""


@dataclass(frozen=True, slots=True)
class Scalar:
    place: Place
    value: Any
    raw: str
    """As it is written, without quotes."""
    is_plain: bool
    """Whether it stands without quotes."""


@dataclass(frozen=True, slots=True)
class Sequence:
    place: Place
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    place: Place
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    place: Place
    entries: tuple[Entry, ...]
    """As written: a name that stands twice is here twice."""

    def get(self, name: str) -> Entry | None:
        """The last of the name, which is the one that counts."""
        return next((each for each in reversed(self.entries) if each.name == name), None)


Node = Scalar | Sequence | Mapping


def documents(text: str) -> Iterator[Node]:
    """Each document of a text that isn't empty. Raises yaml.YAMLError, TooLargeError."""
    loader = yaml.SafeLoader(text)
    try:
        while loader.check_node():
            yield _Reading().node(loader.get_node(), 0)
    except RecursionError:
        raise TooLargeError from None
    finally:
        loader.dispose()


def plain(node: Node) -> Any:
    """The value as JSON would say it, without nulls of fields: the API server drops those."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(each) for each in node.items]
    values = {each.name: plain(each.value) for each in node.entries}
    return {name: value for name, value in values.items() if value is not None}


class _Reading:
    def __init__(self) -> None:
        self._left = MAX_VALUES

    def node(self, node: Any, depth: int) -> Node:
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            raise TooLargeError
        place = _place(node)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node, place)
        if isinstance(node, yaml.SequenceNode):
            return Sequence(place, tuple(self.node(each, depth + 1) for each in node.value))
        return Mapping(place, tuple(self._entries(node, depth + 1)))

    def _entries(self, node: yaml.MappingNode, depth: int) -> Iterator[Entry]:
        for key, value in node.value:
            read = self.node(value, depth)
            if key.tag == "tag:yaml.org,2002:merge":
                yield from _merged(read, node)
            else:
                yield Entry(_joined(f"{key.value}"), _place(key), read)


def _merged(value: Node, into: yaml.MappingNode) -> Iterator[Entry]:
    """What `<<` brings, but for what the mapping says itself."""
    own = {key.value for key, _ in into.value}
    for each in value.items if isinstance(value, Sequence) else (value,):
        for entry in each.entries if isinstance(each, Mapping) else ():
            if entry.name not in own:
                own.add(entry.name)
                yield entry


def _scalar(node: yaml.ScalarNode, place: Place) -> Scalar:
    is_plain = node.style is None
    if not is_plain or (node.tag == _TEXT and _is_tagged(node)):
        text = _joined(node.value)
        return Scalar(place, text, text, is_plain=False)
    return Scalar(place, value_of(node.value), node.value, is_plain=True)


def _joined(text: str) -> str:
    """JSON writes a character beyond U+FFFF as two escapes, which YAML reads one by one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_tagged(node: yaml.ScalarNode) -> bool:
    """Whether `!!str` stands before it: then the value begins after where the node does."""
    length = node.end_mark.index - node.start_mark.index
    return length > len(node.value)


def _place(node: Any) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)
