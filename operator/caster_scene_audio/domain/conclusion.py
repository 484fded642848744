"""What an answer makes of an object's status: one pure function for each way a call ends."""

from dataclasses import replace
from datetime import datetime

from caster_scene_audio.domain.failure import Failure, FailureClass
from caster_scene_audio.domain.reason import Reason
from caster_scene_audio.domain.retry import Jitter, retry_after
from caster_scene_audio.domain.status import ConditionType, LastError, Status

MESSAGE_LIMIT = 1024
"""Characters of a condition's or error's message; enough for a person, kind to etcd."""

_WHAT_FOLLOWS: dict[Reason, str] = {
    Reason.THROTTLED: ("The account's quota of calls is used up; the change waits for its turn."),
    Reason.RESOURCE_IN_CHANNEL: (
        "A resource of the scene is in use by a channel; the change is tried again until it is free."
    ),
    Reason.SCENE_NOT_READY: (
        "The scene is not in a state that takes the change; it is tried again until it is."
    ),
    Reason.CASTER_NOT_FOUND: (
        "The account has no such caster: check spec.casterId, spec.regionId and whose access key "
        "is used. If the caster is yet to be created, nothing need be done."
    ),
    Reason.SCENE_NOT_FOUND: (
        "The caster has no such scene: check spec.sceneId and the locations of spec.layers. "
        "If the scene is yet to be created, nothing need be done."
    ),
    Reason.ACCESS_DENIED: (
        "The access key may not do this: allow it live:UpdateCasterSceneAudio on the caster."
    ),
    Reason.CREDENTIALS_UNAVAILABLE: "The operator has no access key that the service takes.",
    Reason.INVALID_SPEC: "The service refuses the spec: correct it, and it is tried at once.",
    Reason.CLOCK_SKEWED: (
        "The service refuses the time or nonce of the signature; it is signed anew. "
        "If this stays, check the clock of the operator's node."
    ),
    Reason.SERVICE_UNAVAILABLE: "The service failed; the change is tried again.",
    Reason.UNREACHABLE: "The service can't be reached; the change is tried again.",
}


def applied(status: Status, *, generation: int, request_id: str, now: datetime) -> Status:
    """The service took the spec of this generation: nothing of earlier failures stays."""
    done = status.concluding(
        ConditionType.READY,
        generation=generation,
        reason=Reason.APPLIED,
        message="The scene's audio is as declared.",
        now=now,
    )
    return replace(
        done,
        request_id=request_id,
        last_applied_time=now,
        last_error=None,
        attempts=0,
        next_retry_time=None,
    )


def failed(
    status: Status, *, generation: int, failure: Failure, now: datetime, jitter: Jitter
) -> Status:
    """The call for this generation failed; a generation tried for the first time starts afresh."""
    attempts_before = status.attempts if status.observed_generation == generation else 0
    retry = retry_after(failure, attempts_before=attempts_before, jitter=jitter)
    stopped = status.concluding(
        ConditionType.STALLED if retry.stalled else ConditionType.RECONCILING,
        generation=generation,
        reason=failure.reason,
        message=_message(failure),
        now=now,
    )
    return replace(
        stopped,
        last_error=_last_error(failure, now),
        attempts=retry.attempts,
        next_retry_time=now + retry.delay,
    )


def refused(status: Status, *, generation: int, message: str, now: datetime) -> Status:
    """The operator itself can't read the spec: it waits for another generation."""
    stopped = status.concluding(
        ConditionType.STALLED,
        generation=generation,
        reason=Reason.INVALID_SPEC,
        message=message[:MESSAGE_LIMIT],
        now=now,
    )
    return replace(stopped, last_error=None, attempts=0, next_retry_time=None)


def credentials_unavailable(message: str) -> Failure:
    """The failure of a call that could not be signed, and so was not made."""
    return Failure(
        failure_class=FailureClass.ACCESS,
        reason=Reason.CREDENTIALS_UNAVAILABLE,
        code=str(Reason.CREDENTIALS_UNAVAILABLE),
        message=message,
    )


def _message(failure: Failure) -> str:
    said = f"{_WHAT_FOLLOWS[failure.reason]} ({failure.code}: {failure.message})"
    request = f" RequestId {failure.request_id}." if failure.request_id else ""
    return said[: MESSAGE_LIMIT - len(request)] + request


def _last_error(failure: Failure, now: datetime) -> LastError:
    return LastError(
        code=failure.code,
        message=failure.message[:MESSAGE_LIMIT],
        http_status=failure.http_status,
        request_id=failure.request_id,
        time=now,
    )
