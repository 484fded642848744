"""The desk: a page that shows scenes as the channel strips of a mixer.

Files for a browser and nothing else. `live-emulator` serves them for the emulated studio,
`caster-scene-audio desk` for the objects of a cluster. Whoever serves them gives the page its data: a stream of server-sent events named `about`, `scenes` and
`calls`, at `events` beside the page. What they hold is said in docs/desk.md.
"""

from importlib.resources import files
from types import MappingProxyType

_TYPES = {"index.html": "text/html", "desk.css": "text/css", "desk.js": "text/javascript"}

FILES = MappingProxyType({name: files(__name__) / name for name in _TYPES})
"""The page's files, by their names."""

CONTENT_TYPES = MappingProxyType(_TYPES)

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
