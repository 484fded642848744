"""ACS3-HMAC-SHA256, the signature that Alibaba Cloud's gateway checks."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from caster_scene_audio.domain.credentials import Credentials

ALGORITHM = "ACS3-HMAC-SHA256"
API_VERSION = "2016-11-01"
EMPTY_BODY_SHA256 = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """What goes on the wire, byte for byte, and what of it no message may repeat."""

    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What tells one attempt from every other: whose it is, when it was made, and its nonce."""

    credentials: Credentials
    now: datetime
    nonce: str
    user_agent: str


def sign(
    action: str,
    parameters: Mapping[str, str],
    *,
    host: str,
    caller: Caller,
    version: str = API_VERSION,
) -> SignedRequest:
    """The request for one attempt; another attempt needs a new date and nonce."""
    query = canonical_query(parameters)
    headers = _headers(action, version, host, caller)
    credentials = caller.credentials
    proof = authorization(query, headers, credentials)
    signature = proof.rpartition("=")[2]
    return SignedRequest(
        query=query,
        headers={**headers, "Authorization": proof},
        secrets=(credentials.access_key_secret, credentials.security_token or "", signature),
    )


def _headers(action: str, version: str, host: str, caller: Caller) -> dict[str, str]:
    headers = {
        "Host": host,
        "Accept": "application/json",
        "User-Agent": caller.user_agent,
        "x-acs-action": action,
        "x-acs-version": version,
        "x-acs-date": caller.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": caller.nonce,
        "x-acs-content-sha256": EMPTY_BODY_SHA256,
    }
    if caller.credentials.security_token is not None:
        headers["x-acs-accesskey-id"] = caller.credentials.access_key_id
        headers["x-acs-security-token"] = caller.credentials.security_token
    return headers


def canonical_query(parameters: Mapping[str, str]) -> str:
    """The parameters by code point of their names, percent-encoded as RFC 3986 says."""
    return "&".join(
        f"{quote(name, safe='')}={quote(parameters[name], safe='')}" for name in sorted(parameters)
    )


def canonical_request(query: str, headers: Mapping[str, str]) -> str:
    """The request as both ends write it down before they sign; all `headers` are signed."""
    canonical = {name.lower(): value.strip() for name, value in headers.items()}
    lines = "".join(f"{name}:{canonical[name]}\n" for name in sorted(canonical))
    return f"POST\n/\n{query}\n{lines}\n{_names(headers)}\n{EMPTY_BODY_SHA256}"


def string_to_sign(request: str) -> str:
    return f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"


def authorization(query: str, headers: Mapping[str, str], credentials: Credentials) -> str:
    """The value of the Authorization header."""
    signature = hmac.new(
        credentials.access_key_secret.encode(),
        string_to_sign(canonical_request(query, headers)).encode(),
        hashlib.sha256,
    ).hexdigest()
    return (
        f"{ALGORITHM} Credential={credentials.access_key_id},"
        f"SignedHeaders={_names(headers)},Signature={signature}"
    )


def _names(headers: Mapping[str, str]) -> str:
    return ";".join(sorted(name.lower() for name in headers))
