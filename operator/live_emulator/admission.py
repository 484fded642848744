"""Who calls, and whether the call is theirs: key, token, date, signature, nonce, permission."""

from collections import deque
from datetime import UTC, datetime, timedelta

from live_emulator.answers import Refused
from live_emulator.clock import Clock
from live_emulator.keys import AccessKey, KeyRing
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

TOLERANCE = timedelta(minutes=15)
# A date may be 15 minutes ahead and good for 15 more.
NONCE_MEMORY_S = 2 * TOLERANCE.total_seconds()
ALWAYS_SIGNED = ("host", "x-acs-content-sha256")


class Nonces:
    """The nonces seen while a request that carries them could still be replayed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: set[tuple[str, str]] = set()
        self._ages: deque[tuple[float, tuple[str, str]]] = deque()

    def use(self, access_key_id: str, nonce: str) -> bool:
        """False when this key has used the nonce before."""
        now_s = self._clock.monotonic()
        while self._ages and self._ages[0][0] < now_s - NONCE_MEMORY_S:
            self._seen.discard(self._ages.popleft()[1])
        pair = (access_key_id, nonce)
        if pair in self._seen:
            return False
        self._seen.add(pair)
        self._ages.append((now_s, pair))
        return True


class Admission:
    """Lets a call in, as its key's account, or raises Refused."""

    def __init__(self, keys: KeyRing, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._nonces = Nonces(clock)

    def admit(self, wire: WireRequest) -> AccessKey:
        authorization = self._claim(wire)
        key = self._known(authorization)
        self._check_token(key, wire.headers.get("x-acs-security-token"))
        self._check_date(wire.headers.get("x-acs-date", ""))
        _check_signature(key, wire, authorization)
        # Only a signed call uses its nonce up, or anyone could spoil another's.
        self._check_nonce(key, wire.headers.get("x-acs-signature-nonce", ""))
        _check_permission(key, wire.headers.get("x-acs-action", ""))
        return key

    def _claim(self, wire: WireRequest) -> Authorization:
        header = wire.headers.get("authorization")
        if header is None:
            raise Refused("MissingAccessKeyId")
        authorization = claimed(header)
        if authorization is None:
            raise Refused("IncompleteSignature")
        return authorization

    def _known(self, authorization: Authorization) -> AccessKey:
        key = self._keys.get(authorization.access_key_id)
        if key is None:
            raise Refused("InvalidAccessKeyId.NotFound")
        if not key.active:
            raise Refused("InvalidAccessKeyId.Inactive")
        return key

    def _check_token(self, key: AccessKey, sent: str | None) -> None:
        if key.expires is not None and self._clock.now() >= key.expires:
            raise Refused("InvalidSecurityToken.Expired")
        if sent == key.security_token:
            return
        if sent is not None and self._keys.knows_token(sent):
            raise Refused("InvalidSecurityToken.MismatchWithAccessKey")
        raise Refused("InvalidSecurityToken.Malformed")

    def _check_date(self, sent: str) -> None:
        try:
            date = datetime.strptime(sent, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise Refused("InvalidTimeStamp.Format") from None
        if abs(self._clock.now() - date) > TOLERANCE:
            raise Refused("InvalidTimeStamp.Expired")

    def _check_nonce(self, key: AccessKey, nonce: str) -> None:
        if not nonce:
            raise Refused("MissingSignatureNonce")
        if not self._nonces.use(key.access_key_id, nonce):
            raise Refused("SignatureNonceUsed")


def _check_signature(key: AccessKey, wire: WireRequest, authorization: Authorization) -> None:
    must_sign = {name for name in wire.headers if name.startswith("x-acs-")} | {*ALWAYS_SIGNED}
    unsigned = must_sign.difference(authorization.signed_headers)
    if unsigned:
        raise Refused(
            "IncompleteSignature",
            f"These headers must be signed: {', '.join(sorted(unsigned))}.",
        )
    text = string_to_sign(canonical_request(wire, authorization.signed_headers))
    if not same(signed(key.secret, text), authorization.signature):
        raise Refused(
            "SignatureDoesNotMatch",
            f"Specified signature does not match our calculation. server string to sign is:{text}",
        )
    if wire.headers.get("x-acs-content-sha256") != body_digest(wire.body):
        raise Refused(
            "SignatureDoesNotMatch",
            "The specified x-acs-content-sha256 does not match the digest of the body.",
        )


def _check_permission(key: AccessKey, action: str) -> None:
    if action not in key.denied_actions:
        return
    raise Refused(
        "Forbidden.RAM",
        access_denied_detail={
            "AuthAction": f"live:{action}",
            "AuthPrincipalType": "SubUser",
            "AuthPrincipalDisplayName": key.access_key_id,
            "AuthPrincipalOwnerId": key.account,
            "PolicyType": "AccountLevelIdentityBasedPolicy",
            "NoPermissionType": "ImplicitDeny",
        },
    )
