"""What a failed call means: the service's code decides first, the HTTP status second.

To add a code, add it to the row of its meaning in `_MEANINGS`. To add a class of failure, add a
member with its policy to `FailureClass`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from typing_extensions import override

from caster_scene_audio.domain.backoff import Backoff, Policy, RateLimited, SlowRetry
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.status import MESSAGE_LIMIT

RATE_LIMITED = RateLimited(usual_s=1, cap_s=60)


class FailureClass(StrEnum):
    """What follows from a failure: the policy of its retries, and whether it passes by itself."""

    policy: Policy
    is_passing: bool
    """Waiting is enough: nobody need mend anything."""

    def __new__(cls, word: str, policy: Policy, is_passing: bool) -> Self:  # noqa: FBT001 (a column of a table)
        member = str.__new__(cls, word)
        member._value_ = word
        member.policy = policy
        member.is_passing = is_passing
        return member

    THROTTLED = "throttled", RATE_LIMITED, True
    TRANSIENT = "transient", Backoff(first_s=1, cap_s=300), True
    BUSY = "busy", Backoff(first_s=3, cap_s=120), True
    NOT_READY = "not ready", Backoff(first_s=10, cap_s=300), True
    NOT_FOUND = "not found", Backoff(first_s=15, cap_s=600, stalls_from=5), False
    ACCESS = "access", SlowRetry(interval_s=600), False
    EXPIRED_TOKEN = "expired token", SlowRetry(interval_s=600), False
    CLOCK = "clock", Backoff(first_s=1, cap_s=60), True
    INVALID = "invalid", SlowRetry(interval_s=3600), False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A call that did not do what was asked, in the service's words and in ours.

    `http_status` and `request_id` are None where no answer came; `retry_after_s` is None
    where the service named no time to wait.
    """

    failure_class: FailureClass
    reason: Reason
    code: str
    message: str
    http_status: int | None = None
    request_id: str | None = None
    retry_after_s: float | None = None

    @property
    def said(self) -> str:
        """For a person: what it means, what to do, and what the service said.

        Cut to MESSAGE_LIMIT characters, but for the RequestId at its end.
        """
        text = f"{self.reason.traits.says} ({self.code}: {self.message})"
        request = f" RequestId {self.request_id}." if self.request_id else ""
        return text[: MESSAGE_LIMIT - len(request)] + request


class CallFailed(Exception):  # noqa: N818 (named for what happened)
    """The one error that a call to the service raises; its `failure` says the rest."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code}: {failure.message}")
        self.failure = failure


class CredentialsUnavailable(CallFailed):
    """There is nothing to sign a call with; the message names what is missing, never a value."""

    def __init__(self, message: str) -> None:
        super().__init__(failure_of(str(Reason.CREDENTIALS_UNAVAILABLE), message))

    @override
    def __str__(self) -> str:
        return self.failure.message


_Meaning = tuple[FailureClass, Reason]

_MEANINGS: tuple[tuple[FailureClass, Reason, str], ...] = (
    (FailureClass.THROTTLED, Reason.THROTTLED, "Throttling* Throttling.User Throttling.Api"),
    (
        FailureClass.NOT_FOUND,
        Reason.SCENE_NOT_FOUND,
        "ResourceInChannel.NotFound* InvalidScene.NotFound*",
    ),
    (
        FailureClass.BUSY,
        Reason.RESOURCE_IN_CHANNEL,
        "ResourceInChannel.* ResourceInChannel.PreConditionFailed ResourceInChannel.Invalid",
    ),
    (
        FailureClass.NOT_READY,
        Reason.SCENE_NOT_READY,
        "IncorrectSceneStatus* IncorrectSceneStatus.ConfigError",
    ),
    (FailureClass.NOT_FOUND, Reason.CASTER_NOT_FOUND, "InvalidCaster.NotFound*"),
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
            " InvalidAccessKeyId.Inactive SignatureDoesNotMatch* IncompleteSignature*"
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
            "InvalidCasterId.Malformed InvalidUserId.Malformed InvalidParameter.Malformed"
            " InvalidAudioLayersAndMixListSize.Mismatch InvalidMixList.ExceedNorm MissingParameter"
        ),
    ),
    (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE, "InternalError* ServiceUnavailable*"),
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
"""The codes of each meaning. One with a star stands for every code that begins with it, too."""

_BY_CODE: dict[str, _Meaning] = {
    code.removesuffix("*"): (failure_class, reason)
    for failure_class, reason, codes in _MEANINGS
    for code in codes.split()
}
_FAMILIES = sorted(
    (
        code.removesuffix("*")
        for *_, codes in _MEANINGS
        for code in codes.split()
        if code[-1] == "*"
    ),
    key=len,
    reverse=True,
)
"""The longest first: what is said of a part of a family goes before what is said of the whole."""

KNOWN_CODES = frozenset(_BY_CODE)
"""Every code that the table names: a bounded set, fit to be a metric's label."""

_BY_STATUS: tuple[tuple[Callable[[int], bool], _Meaning], ...] = (
    (lambda status: status == 429, (FailureClass.THROTTLED, Reason.THROTTLED)),
    (lambda status: status in {401, 403}, (FailureClass.ACCESS, Reason.ACCESS_DENIED)),
    (lambda status: status == 404, (FailureClass.NOT_FOUND, Reason.SCENE_NOT_FOUND)),
    (lambda status: status in {414, 431}, (FailureClass.INVALID, Reason.INVALID_SPEC)),
    (lambda status: status == 412, (FailureClass.BUSY, Reason.RESOURCE_IN_CHANNEL)),
    (lambda status: status == 408, (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE)),
    (lambda status: 400 <= status < 500, (FailureClass.INVALID, Reason.INVALID_SPEC)),
)


def classify(*, code: str, http_status: int, says_when: bool) -> tuple[FailureClass, Reason]:
    """Class and reason of an answer with this code and status.

    `says_when`: the answer carried `x-acs-retry-after`, which makes it a throttled
    one whatever its code. What no rule knows (a success's status, a redirect, 5xx) is
    transient: waiting is the one thing that can't make it worse.
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
    family = next((each for each in _FAMILIES if code.startswith(each)), None)
    return None if family is None else _BY_CODE[family]
