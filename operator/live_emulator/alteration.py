"""Documents as they are not meant: members left out, others put in."""

from collections.abc import Collection, Mapping
from typing import Any


def without(document: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The document less the named members, at whatever depth.

    `VolumeRate` names that member everywhere, `AudioLayer.2.VolumeRate` that of the second layer
    alone, `AudioLayer.2` the layer itself; lists are numbered from 1, as in a request.
    """
    return _members_without(document, frozenset(names), "")


def _members_without(
    members: Mapping[str, Any], names: frozenset[str], path: str
) -> dict[str, Any]:
    return {
        name: _value_without(value, names, name)
        for name, value in members.items()
        if name not in names and f"{path}.{name}" not in names
    }


def _value_without(value: Any, names: frozenset[str], path: str) -> Any:
    match value:
        case dict():
            return _members_without(value, names, path)
        case list():
            numbered = ((f"{path}.{number}", item) for number, item in enumerate(value, start=1))
            return [_value_without(item, names, at) for at, item in numbered if at not in names]
        case _:
            return value


def merged(document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON merge patch (RFC 7396): objects are merged, null removes, all else replaces."""
    result = dict(document)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            was = result.get(name)
            result[name] = merged(was if isinstance(was, dict) else {}, value)
        else:
            result[name] = value
    return result
