"""What a request says of itself, in either form of the service's API; nothing of it is checked."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum

from live_emulator.answers import Format
from live_emulator.rpc_signature import PROTOCOL_PARAMETERS
from live_emulator.signature import WireRequest, claimed

# Whoever sends these in the other form sends them by mistake, and they are kept nowhere.
SECRET_PARAMETERS = frozenset({"SecurityToken", "Signature", "AccessKeySecret"})
SIGNS_OF_RPC = frozenset({"Action", "AccessKeyId", "Signature"})


class Form(StrEnum):
    """How a request is signed: in its headers, or as of old among its parameters."""

    ACS3 = "ACS3-HMAC-SHA256"
    RPC = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who calls for what. The parameters are those of the call, without the protocol's."""

    form: Form
    action: str
    version: str
    access_key_id: str
    security_token: str | None
    date: str
    nonce: str
    format: Format
    parameters: dict[str, str]


def is_call(method: str, headers: Container[str], query: Container[str]) -> bool:
    """Whether it is for the service, and not from a browser that looks at the page."""
    signs = {"x-acs-action", "authorization"}
    return (
        method == "POST"
        or any(name in headers for name in signs)
        or any(name in query for name in SIGNS_OF_RPC)
    )


def claim_of(wire: WireRequest) -> Claim:
    parameters = wire.parameters()
    if "authorization" in wire.headers or SIGNS_OF_RPC.isdisjoint(parameters):
        return _in_headers(wire.headers, parameters)
    return _in_parameters(wire.headers, parameters)


def _in_headers(headers: Mapping[str, str], parameters: dict[str, str]) -> Claim:
    authorization = claimed(headers.get("authorization", ""))
    return Claim(
        form=Form.ACS3,
        action=headers.get("x-acs-action", ""),
        version=headers.get("x-acs-version", ""),
        access_key_id=authorization.access_key_id if authorization else "",
        security_token=headers.get("x-acs-security-token"),
        date=headers.get("x-acs-date", ""),
        nonce=headers.get("x-acs-signature-nonce", ""),
        format=_format(parameters, usual=Format.JSON),
        parameters=_without(parameters, SECRET_PARAMETERS),
    )


def _in_parameters(headers: Mapping[str, str], parameters: dict[str, str]) -> Claim:
    """Some clients repeat the action in a header, spelled in their own way."""
    return Claim(
        form=Form.RPC,
        action=parameters.get("Action") or headers.get("x-acs-action", ""),
        version=parameters.get("Version") or headers.get("x-acs-version", ""),
        access_key_id=parameters.get("AccessKeyId", ""),
        security_token=parameters.get("SecurityToken"),
        date=parameters.get("Timestamp", ""),
        nonce=parameters.get("SignatureNonce", ""),
        format=_format(parameters, usual=Format.XML),
        parameters=_without(parameters, SECRET_PARAMETERS | PROTOCOL_PARAMETERS),
    )


def _format(parameters: Mapping[str, str], *, usual: Format) -> Format:
    text = parameters.get("Format", "").upper()
    return Format(text) if text in set(Format) else usual


def _without(parameters: Mapping[str, str], names: Container[str]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if name not in names}
