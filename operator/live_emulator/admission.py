"""Who calls, and whether the call is theirs: key, token, date, signature, nonce, permission."""

from collections import deque
from datetime import UTC, datetime, timedelta

from live_emulator.answers import Refused
from live_emulator.claim import Claim
from live_emulator.clock import Clock
from live_emulator.keys import AccessKey, KeyRing
from live_emulator.signature import WireRequest
from live_emulator.verification import verification

TOLERANCE = timedelta(minutes=15)
# A date may be 15 minutes ahead and good for 15 more.
NONCE_MEMORY_S = 2 * TOLERANCE.total_seconds()


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

    def admit(self, wire: WireRequest, claim: Claim) -> AccessKey:
        check_signature = verification(wire, claim)
        key = self._known(claim.access_key_id)
        self._check_token(key, claim.security_token)
        self._check_date(claim.date)
        check_signature(key)
        # Only a signed call uses its nonce up, or anyone could spoil another's.
        self._check_nonce(key, claim.nonce)
        _check_permission(key, claim.action)
        return key

    def _known(self, access_key_id: str) -> AccessKey:
        key = self._keys.get(access_key_id)
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
        if sent is None:
            raise Refused("MissingSecurityToken")
        if self._keys.knows_token(sent):
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
