"""An error that the service tells in XML: the members of its `Error` element, as texts."""

from dataclasses import dataclass, field
from xml.parsers import expat

ROOT = "Error"


class _NoError(Exception):
    """The document is another's, or may mean more than it says (a DTD)."""


@dataclass(slots=True)
class _Members:
    """Collects the text of the root's children; what stands deeper is passed over."""

    found: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)

    def start(self, name: str, _: object) -> None:
        if not self.path and name != ROOT:
            raise _NoError
        self.path.append(name)
        if len(self.path) == 2:
            self.found[name] = ""

    def end(self, _: str) -> None:
        self.path.pop()

    def text(self, text: str) -> None:
        if len(self.path) == 2:
            self.found[self.path[1]] += text

    def doctype(self, *_: object) -> None:
        raise _NoError


def error_members(body: bytes) -> dict[str, str] | None:
    """None where the body is no such document. One with a DTD isn't, as that can grow without end."""
    members = _Members()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = members.doctype
    parser.StartElementHandler = members.start
    parser.EndElementHandler = members.end
    parser.CharacterDataHandler = members.text
    try:
        parser.Parse(body, True)  # noqa: FBT003 (the library's own: this is all)
    except (_NoError, expat.ExpatError):
        return None
    return members.found
