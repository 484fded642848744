"""What each code of an answer means: the code decides first, the HTTP status second.

To add a code, add it to the row of its meaning in `_MEANINGS`.
"""

import re
from collections.abc import Callable

from caster_scene_audio.domain.failure import Failure, FailureClass
from caster_scene_audio.domain.reasons import Reason

_Meaning = tuple[FailureClass, Reason]

_MEANINGS: tuple[tuple[FailureClass, Reason, str], ...] = (
    (
        FailureClass.THROTTLED,
        Reason.THROTTLED,
        "Throttling* Throttling.User Throttling.Api Rejected.Throttling*",
    ),
    (FailureClass.NOT_FOUND, Reason.SCENE_NOT_FOUND, "InvalidScene.NotFound*"),
    (FailureClass.NOT_FOUND, Reason.LOCATION_NOT_FOUND, "ResourceInChannel.NotFound*"),
    (
        FailureClass.BUSY,
        Reason.RESOURCE_IN_CHANNEL,
        "ResourceInChannel.* ResourceInChannel.PreConditionFailed ResourceInChannel.Invalid",
    ),
    (FailureClass.NOT_READY, Reason.SCENE_NOT_READY, "IncorrectSceneStatus*"),
    (
        FailureClass.MISCONFIGURED,
        Reason.SCENE_NOT_READY,
        "IncorrectSceneStatus.ConfigError*",
    ),
    (FailureClass.NOT_FOUND, Reason.CASTER_NOT_FOUND, "InvalidCaster.NotFound*"),
    (
        FailureClass.WRONG_ADDRESS,
        Reason.ENDPOINT_WRONG,
        "InvalidAction.NotFound* InvalidProtocol.NeedSsl* InvalidVersion*",
    ),
    (
        FailureClass.ACCOUNT,
        Reason.ACCOUNT_BARRED,
        (
            "InvalidUserId.Malformed InvalidIdentity.ServiceDisabled* Arrearage* InvalidAccountStatus*"
            " InsufficientBalance* Forbidden.RiskControl*"
        ),
    ),
    (
        FailureClass.EXPIRED_TOKEN,
        Reason.CREDENTIALS_UNAVAILABLE,
        "InvalidSecurityToken.Expired*",
    ),
    (
        FailureClass.ACCESS,
        Reason.CREDENTIALS_UNAVAILABLE,
        (
            "InvalidSecurityToken* InvalidSecurityToken.Malformed InvalidAccessKeyId* InvalidAccessKeyId.NotFound"
            " InvalidAccessKeyId.Inactive MissingAccessKeyId* MissingSecurityToken* SignatureDoesNotMatch*"
            " IncompleteSignature*"
        ),
    ),
    (
        FailureClass.ACCESS,
        Reason.ACCESS_DENIED,
        "NoPermission* Forbidden* Forbidden.RAM IllegalOperation*",
    ),
    (
        FailureClass.CLOCK,
        Reason.CLOCK_SKEWED,
        "InvalidTimeStamp* InvalidTimeStamp.Expired SignatureNonceUsed*",
    ),
    (
        FailureClass.INVALID,
        Reason.INVALID_SPEC,
        (
            "Invalid*.Malformed InvalidCasterId.Malformed InvalidParameter* InvalidParameter.Malformed *Mismatch"
            " InvalidAudioLayersAndMixListSize.Mismatch *ExceedNorm InvalidMixList.ExceedNorm MissingParameter*"
        ),
    ),
    (
        FailureClass.TRANSIENT,
        Reason.SERVICE_UNAVAILABLE,
        "InternalError* InternalFailure* ServiceUnavailable* SystemBusy* OperationConflict*",
    ),
    # Our own words, where the service was not asked, or said nothing that can be read.
    (FailureClass.INVALID, Reason.INVALID_SPEC, "UnknownRegion NoVpcEndpoint RequestTooLong"),
    (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE, "UnreadableAnswer RedirectRefused"),
    (
        FailureClass.TRANSIENT,
        Reason.UNREACHABLE,
        (
            "ConnectTimeout ConnectionFailed ConnectionLost ConnectionRefused NameNotResolved"
            " ProxyRefused ProxyUnreachable TLSFailed Timeout"
        ),
    ),
    (
        FailureClass.ACCESS,
        Reason.CREDENTIALS_UNAVAILABLE,
        "MalformedCredentials CredentialsUnavailable",
    ),
)
"""The codes of each meaning.

A star stands for anything, nothing too. A code of the table that ends with one stands for itself and
for every code that begins with it; one with a star elsewhere is no code itself.
"""

_CODES = [
    (word, (failure_class, reason))
    for failure_class, reason, words in _MEANINGS
    for word in words.split()
]
_BY_CODE: dict[str, _Meaning] = {
    word.removesuffix("*"): meaning for word, meaning in _CODES if "*" not in word[:-1]
}
_FAMILIES: tuple[tuple[re.Pattern[str], _Meaning], ...] = tuple(
    (re.compile(re.escape(word).replace(r"\*", ".*"), re.DOTALL), meaning)
    for word, meaning in sorted(_CODES, key=lambda each: each[0].find("*"), reverse=True)
    if "*" in word
)
"""The longest beginning first: what is said of a part of a family goes before what is said of all."""

KNOWN_CODES = frozenset(_BY_CODE)
"""Every code that the table names: a bounded set, fit to be a metric's label."""

_BY_STATUS: tuple[tuple[Callable[[int], bool], _Meaning], ...] = (
    (lambda status: status == 429, (FailureClass.THROTTLED, Reason.THROTTLED)),
    (lambda status: status in {401, 403}, (FailureClass.ACCESS, Reason.ACCESS_DENIED)),
    (lambda status: status == 404, (FailureClass.NOT_FOUND, Reason.SCENE_NOT_FOUND)),
    (lambda status: status in {414, 431}, (FailureClass.INVALID, Reason.INVALID_SPEC)),
    (lambda status: status == 412, (FailureClass.BUSY, Reason.RESOURCE_IN_CHANNEL)),
    (lambda status: status == 408, (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE)),
    (lambda status: 400 <= status < 500, (FailureClass.UNKNOWN, Reason.REFUSED)),
)


def classify(*, code: str, http_status: int, says_when: bool) -> tuple[FailureClass, Reason]:
    """Class and reason of an answer with this code and status.

    `says_when`: the answer carried `x-acs-retry-after`, which makes it a throttled
    one whatever its code. What no rule knows (a success's status, a redirect, 5xx) is
    transient: waiting is the one thing that can't make it worse. A 4xx that no rule knows is
    refused for a reason that only the service can tell.
    """
    if says_when:
        return FailureClass.THROTTLED, Reason.THROTTLED
    if meaning := _meaning_of(code):
        return meaning
    for matches, meaning in _BY_STATUS:
        if matches(http_status):
            return meaning
    return FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE


def failure_of(code: str, message: str) -> Failure:
    """A failure in our own words, its meaning by the table; raises KeyError for a code not in it."""
    failure_class, reason = _BY_CODE[code]
    return Failure(failure_class=failure_class, reason=reason, code=code, message=message)


def _meaning_of(code: str) -> _Meaning | None:
    if code in _BY_CODE:
        return _BY_CODE[code]
    return next((meaning for family, meaning in _FAMILIES if family.fullmatch(code)), None)
