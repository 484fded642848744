"""Whether a request is signed with the key that it names, in either form of the API."""

from collections.abc import Callable
from functools import partial

from live_emulator import rpc_signature
from live_emulator.answers import Refused
from live_emulator.claim import Claim, Form
from live_emulator.keys import AccessKey
from live_emulator.signature import (
    Authorization,
    WireRequest,
    body_digest,
    canonical_request,
    claimed,
    same,
    signed,
    string_to_sign,
)

ALWAYS_SIGNED = ("host", "x-acs-content-sha256")
# SDKs compare what follows the colon with what they signed, to tell a wrong secret.
MISMATCH = "Specified signature {} our calculation. server string to sign is:{}"

Verification = Callable[[AccessKey], None]


def verification(wire: WireRequest, claim: Claim) -> Verification:
    """The check to make when the key is known; Refused when the request lacks what it takes."""
    if claim.form is Form.RPC:
        return _of_parameters(wire)
    return _of_headers(wire)


def _of_headers(wire: WireRequest) -> Verification:
    header = wire.headers.get("authorization")
    if header is None:
        raise Refused("MissingAccessKeyId")
    authorization = claimed(header)
    if authorization is None:
        raise Refused("IncompleteSignature")
    return partial(_check_headers, wire, authorization)


def _check_headers(wire: WireRequest, authorization: Authorization, key: AccessKey) -> None:
    must_sign = {name for name in wire.headers if name.startswith("x-acs-")} | {*ALWAYS_SIGNED}
    unsigned = must_sign.difference(authorization.signed_headers)
    if unsigned:
        raise Refused(
            "IncompleteSignature",
            f"These headers must be signed: {', '.join(sorted(unsigned))}.",
        )
    text = string_to_sign(canonical_request(wire, authorization.signed_headers))
    if not same(signed(key.secret, text), authorization.signature):
        raise Refused("SignatureDoesNotMatch", MISMATCH.format("does not match", text))
    if wire.headers.get("x-acs-content-sha256") != body_digest(wire.body):
        raise Refused(
            "SignatureDoesNotMatch",
            "The specified x-acs-content-sha256 does not match the digest of the body.",
        )


def _of_parameters(wire: WireRequest) -> Verification:
    parameters = wire.parameters()
    for name in ("AccessKeyId", "Signature", "Timestamp", "SignatureNonce"):
        if not parameters.get(name):
            raise Refused(f"Missing{name}")
    method = parameters.get("SignatureMethod")
    if (method, parameters.get("SignatureVersion")) != (
        rpc_signature.METHOD,
        rpc_signature.VERSION,
    ):
        raise Refused(
            "IncompleteSignature",
            f"SignatureMethod must be {rpc_signature.METHOD}"
            f" and SignatureVersion {rpc_signature.VERSION}.",
        )
    return partial(_check_parameters, wire, parameters["Signature"])


def _check_parameters(wire: WireRequest, signature: str, key: AccessKey) -> None:
    text = rpc_signature.string_to_sign(wire)
    if not same(rpc_signature.signed(key.secret, text), signature):
        raise Refused("SignatureDoesNotMatch", MISMATCH.format("is not matched with", text))
