"""What a failed call means: the service's code decides first, the HTTP status second."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from caster_scene_audio.domain.reasons import Reason


class FailureClass(StrEnum):
    """A failure is named by what follows from it."""

    THROTTLED = "throttled"
    TRANSIENT = "transient"
    BUSY = "busy"
    NOT_READY = "not ready"
    NOT_FOUND = "not found"
    ACCESS = "access"
    EXPIRED_TOKEN = "expired token"  # noqa: S105 (a class of failure, no secret)
    CLOCK = "clock"
    INVALID = "invalid"


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


class CallFailed(Exception):  # noqa: N818 (named for what happened)
    """The one error that a call to the service raises; its `failure` says the rest."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code}: {failure.message}")
        self.failure = failure


_Meaning = tuple[FailureClass, Reason]

_BY_PREFIX: tuple[tuple[str, _Meaning], ...] = (
    ("Throttling", (FailureClass.THROTTLED, Reason.THROTTLED)),
    ("ResourceInChannel.NotFound", (FailureClass.NOT_FOUND, Reason.SCENE_NOT_FOUND)),
    ("ResourceInChannel.", (FailureClass.BUSY, Reason.RESOURCE_IN_CHANNEL)),
    ("IncorrectSceneStatus", (FailureClass.NOT_READY, Reason.SCENE_NOT_READY)),
    ("InvalidCaster.NotFound", (FailureClass.NOT_FOUND, Reason.CASTER_NOT_FOUND)),
    ("InvalidScene.NotFound", (FailureClass.NOT_FOUND, Reason.SCENE_NOT_FOUND)),
    ("InvalidSecurityToken.Expired", (FailureClass.EXPIRED_TOKEN, Reason.CREDENTIALS_UNAVAILABLE)),
    ("InvalidSecurityToken", (FailureClass.ACCESS, Reason.CREDENTIALS_UNAVAILABLE)),
    ("InvalidAccessKeyId", (FailureClass.ACCESS, Reason.CREDENTIALS_UNAVAILABLE)),
    ("SignatureDoesNotMatch", (FailureClass.ACCESS, Reason.CREDENTIALS_UNAVAILABLE)),
    ("NoPermission", (FailureClass.ACCESS, Reason.ACCESS_DENIED)),
    ("Forbidden", (FailureClass.ACCESS, Reason.ACCESS_DENIED)),
    ("IllegalOperation", (FailureClass.ACCESS, Reason.ACCESS_DENIED)),
    ("IncompleteSignature", (FailureClass.ACCESS, Reason.CREDENTIALS_UNAVAILABLE)),
    ("InvalidTimeStamp", (FailureClass.CLOCK, Reason.CLOCK_SKEWED)),
    ("SignatureNonceUsed", (FailureClass.CLOCK, Reason.CLOCK_SKEWED)),
    ("InternalError", (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE)),
    ("ServiceUnavailable", (FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE)),
)

_BY_STATUS: tuple[tuple[Callable[[int], bool], _Meaning], ...] = (
    (lambda status: status == 429, (FailureClass.THROTTLED, Reason.THROTTLED)),
    (lambda status: status in {401, 403}, (FailureClass.ACCESS, Reason.ACCESS_DENIED)),
    (lambda status: status == 404, (FailureClass.NOT_FOUND, Reason.SCENE_NOT_FOUND)),
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
    for prefix, meaning in _BY_PREFIX:
        if code.startswith(prefix):
            return meaning
    for matches, meaning in _BY_STATUS:
        if matches(http_status):
            return meaning
    return FailureClass.TRANSIENT, Reason.SERVICE_UNAVAILABLE
