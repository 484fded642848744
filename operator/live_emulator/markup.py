"""The service's answers as XML, which is how the older form of its API answers."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

# What XML 1.0 can't hold, not even escaped.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_xml(document: Mapping[str, Any], *, root: str) -> str:
    """The document within one element; a list is its element again and again."""
    return f'<?xml version="1.0" encoding="UTF-8"?><{root}>{_content(document)}</{root}>'


def _content(value: Any) -> str:
    match value:
        case dict():
            return "".join(_elements(value))
        case bool():
            return str(value).lower()
        case None:
            return ""
        case _:
            return escape(_UNFIT.sub("", str(value)), quote=False)


def _elements(members: Mapping[str, Any]) -> Iterator[str]:
    for name, value in members.items():
        for item in value if isinstance(value, list) else [value]:
            yield f"<{name}>{_content(item)}</{name}>"
