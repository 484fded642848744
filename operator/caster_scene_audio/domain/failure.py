"""A failed call, and what follows from its class; which code is of which class says `codes`.

To add a class of failure, add a member with its policy to `FailureClass`.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from typing_extensions import override

from caster_scene_audio.domain.backoff import Backoff, Policy, RateLimited, SlowRetry
from caster_scene_audio.domain.reasons import Reason

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
    MISCONFIGURED = "misconfigured", Backoff(first_s=10, cap_s=300, stalls_from=5), False
    NOT_FOUND = "not found", Backoff(first_s=15, cap_s=600, stalls_from=5), False
    WRONG_ADDRESS = "wrong address", SlowRetry(interval_s=600), False
    ACCOUNT = "account", SlowRetry(interval_s=600), False
    ACCESS = "access", SlowRetry(interval_s=600), False
    EXPIRED_TOKEN = "expired token", SlowRetry(interval_s=600), False
    CLOCK = "clock", Backoff(first_s=1, cap_s=60), True
    INVALID = "invalid", SlowRetry(interval_s=3600), False
    UNKNOWN = "unknown", Backoff(first_s=30, cap_s=600, stalls_from=1), False


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
    host: str | None = field(default=None, compare=False)
    """Who answered; None where that is of no use to a person."""


class CallFailed(Exception):  # noqa: N818 (named for what happened)
    """The one error that a call to the service raises; its `failure` says the rest."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code}: {failure.message}")
        self.failure = failure


class CredentialsUnavailable(CallFailed):
    """There is nothing to sign a call with; the message names what is missing, never a value."""

    def __init__(self, message: str) -> None:
        super().__init__(
            Failure(
                failure_class=FailureClass.ACCESS,
                reason=Reason.CREDENTIALS_UNAVAILABLE,
                code=str(Reason.CREDENTIALS_UNAVAILABLE),
                message=message,
            )
        )

    @override
    def __str__(self) -> str:
        return self.failure.message
