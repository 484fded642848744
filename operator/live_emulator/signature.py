"""ACS3-HMAC-SHA256, recomputed from what came over the wire."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

ALGORITHM = "ACS3-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM}\s+Credential=(?P<id>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+),"
    r"\s*Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WireRequest:
    """A request as received: the query undecoded, header names in lower case."""

    method: str
    path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes = b""

    def pairs(self) -> list[tuple[str, str]]:
        """Query and form together, decoded."""
        pairs = parse_qsl(self.raw_query, keep_blank_values=True)
        content_type = self.headers.get("content-type", "").lower()
        if content_type.startswith("application/x-www-form-urlencoded"):
            pairs += parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return pairs

    def parameters(self) -> dict[str, str]:
        return dict(self.pairs())


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What the Authorization header claims; nothing of it is checked yet."""

    access_key_id: str
    signed_headers: tuple[str, ...]
    signature: str


def claimed(header: str) -> Authorization | None:
    """The header taken apart, or None when it isn't shaped as ACS3 has it."""
    match = _AUTHORIZATION.fullmatch(header.strip())
    if match is None:
        return None
    return Authorization(
        access_key_id=match["id"],
        signed_headers=tuple(match["headers"].split(";")),
        signature=match["signature"],
    )


def percent_encoded(text: str) -> str:
    """RFC 3986: only A-Z a-z 0-9 - _ . ~ stay bare."""
    return quote(text, safe="~")


def canonical_query(raw_query: str) -> str:
    """Sorted by code point of the decoded key, whatever spelling came over the wire."""
    pairs = sorted(parse_qsl(raw_query, keep_blank_values=True))
    return "&".join(f"{percent_encoded(key)}={percent_encoded(value)}" for key, value in pairs)


def body_digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def canonical_request(wire: WireRequest, signed_headers: Sequence[str]) -> str:
    """The text whose digest is signed; the digest of the body is of the body that came."""
    names = sorted(signed_headers)
    lines = "".join(f"{name}:{wire.headers.get(name, '').strip()}\n" for name in names)
    return "\n".join(
        (
            wire.method,
            wire.path,
            canonical_query(wire.raw_query),
            lines,
            ";".join(names),
            body_digest(wire.body),
        )
    )


def string_to_sign(request: str) -> str:
    digest = hashlib.sha256(request.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{ALGORITHM}\n{digest}"


def signed(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in constant time, as a server should."""
    return hmac.compare_digest(one.encode(), other.encode())
