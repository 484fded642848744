"""Signature version 1.0 of the service's RPC API, recomputed from what came over the wire.

Everything stands among the parameters, in the query or a form, and every parameter is signed but
the signature itself.
"""

import base64
import hashlib
import hmac

from live_emulator.signature import WireRequest, percent_encoded

METHOD = "HMAC-SHA1"
VERSION = "1.0"
# Of the protocol, not of the call; `SignatureType` is sent by some SDKs and empty.
PROTOCOL_PARAMETERS = frozenset(
    {
        "AccessKeyId",
        "Action",
        "Format",
        "SecurityToken",
        "Signature",
        "SignatureMethod",
        "SignatureNonce",
        "SignatureType",
        "SignatureVersion",
        "Timestamp",
        "Version",
    }
)


def string_to_sign(wire: WireRequest) -> str:
    """The method, the path / and the sorted parameters, each of them percent-encoded."""
    pairs = sorted((name, value) for name, value in wire.pairs() if name != "Signature")
    query = "&".join(f"{percent_encoded(name)}={percent_encoded(value)}" for name, value in pairs)
    return f"{wire.method}&%2F&{percent_encoded(query)}"


def signed(secret: str, text: str) -> str:
    """Base64, made with the secret and an & behind it."""
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
