"""The desk: a page that shows scenes as the channel strips of a mixer.

Files for a browser and nothing else. `live-emulator` serves them for the emulated studio,
`caster-scene-audio desk` for the objects of a cluster. Whoever serves them gives the page its data: a stream of server-sent events named `about`, `scenes` and
`calls`, at `events` beside the page. What they hold is said in docs/desk.md.
"""

import json
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_TYPES = {"index.html": "text/html", "desk.css": "text/css", "desk.js": "text/javascript"}

FILES = MappingProxyType({name: files(__name__) / name for name in _TYPES})
"""The page's files, by their names."""

HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)
"""What every answer of a server of the page carries: nothing from elsewhere, and in no frame."""

STREAM_HEADERS = MappingProxyType({**HEADERS, "Content-Type": "text/event-stream"})
"""Of the answer with the events."""


def answer_with(name: str) -> dict[str, Any]:
    """A file of the page as an answer, by the names that aiohttp's Response gives its parts."""
    return {
        "text": FILES[name].read_text(encoding="utf-8"),
        "content_type": _TYPES[name],
        "charset": "utf-8",
        "headers": HEADERS,
    }


def event(name: str, told: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(told)}\n\n".encode()
