"""What an answer makes of an object's status: one pure function for each way a call ends."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from caster_scene_audio.domain.backoff import Jitter
from caster_scene_audio.domain.comparison import Difference, listed
from caster_scene_audio.domain.failure import Failure
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.retry import Policies, retry_after
from caster_scene_audio.domain.status import MESSAGE_LIMIT, ConditionType, LastError, Status


def applied(
    seen: SceneAudio,
    *,
    request_id: str,
    applied_hash: str,
    now: datetime,
) -> Status:
    """The service took the spec: nothing of earlier failures stays.

    A correction of drift says what it corrected; one of many that are in vain says that too.
    """
    done = _without_failures(_written(seen, now))
    return replace(
        done,
        request_id=request_id,
        last_applied_time=now,
        observed=None,
        replaced=seen.status.replaced or seen.plan.before or None,
        applied_hash=applied_hash,
        last_handled_reconcile_at=seen.reconcile_request,
    )


def _written(seen: SceneAudio, now: datetime) -> Status:
    conclude = partial(seen.status.concluding, generation=seen.generation, now=now)
    if not seen.plan.to_correct:
        return conclude(
            ConditionType.READY, reason=Reason.APPLIED, message=Reason.APPLIED.traits.says
        )
    what = listed(seen.plan.to_correct)
    if seen.plan.written().is_contended:
        message = f"{Reason.DRIFT_CONTENDED.traits.says} Last corrected: {what}"
        return conclude(
            ConditionType.RECONCILING, reason=Reason.DRIFT_CONTENDED, message=message, drift=what
        )
    return conclude(
        ConditionType.READY,
        reason=Reason.DRIFT_CORRECTED,
        message=f"{Reason.DRIFT_CORRECTED.traits.says} Corrected: {what}",
    )


def in_sync(seen: SceneAudio, *, now: datetime) -> Status:
    """A reading showed the studio as the spec says; a success that is on record stays as it is."""
    if seen.status.is_ready and not seen.is_untried:
        return seen.status
    done = seen.status.concluding(
        ConditionType.READY,
        generation=seen.generation,
        reason=Reason.IN_SYNC,
        message=Reason.IN_SYNC.traits.says,
        now=now,
    )
    return replace(_without_failures(done), observed=None)


def drifted(
    seen: SceneAudio,
    found: tuple[Difference, ...],
    *,
    observed: dict[str, Any],
    now: datetime,
) -> Status:
    """A reading showed differences that are only to be reported: a person must act."""
    what = listed(found)
    done = seen.status.concluding(
        ConditionType.STALLED,
        generation=seen.generation,
        reason=Reason.DRIFTED,
        message=f"{Reason.DRIFTED.traits.says.rstrip('.')}: {what}",
        now=now,
        drift=what,
    )
    return replace(_without_failures(done), observed=observed)


def observed(
    seen: SceneAudio,
    found: tuple[Difference, ...],
    *,
    observed: dict[str, Any],
    now: datetime,
) -> Status:
    """A reading of an object that only observes: it is Ready while readings work."""
    done = seen.status.concluding(
        ConditionType.READY,
        generation=seen.generation,
        reason=Reason.OBSERVED,
        message=Reason.OBSERVED.traits.says,
        now=now,
        drift=listed(found) if found else None,
    )
    return replace(
        _without_failures(done),
        observed=observed,
        last_handled_reconcile_at=seen.reconcile_request,
    )


def on_air(seen: SceneAudio, *, delay_s: float, now: datetime) -> Status:
    """The scene is on air and the object wants to wait; it is no failure, so no attempt."""
    waiting = seen.status.concluding(
        ConditionType.RECONCILING,
        generation=seen.generation,
        reason=Reason.ON_AIR,
        message=Reason.ON_AIR.traits.says,
        now=now,
    )
    return replace(
        _without_failures(waiting),
        next_retry_time=now + timedelta(seconds=delay_s),
        last_handled_reconcile_at=seen.reconcile_request,
    )


def _without_failures(status: Status) -> Status:
    return replace(status, last_error=None, attempts=0, next_retry_time=None)


def failed(
    seen: SceneAudio,
    *,
    failure: Failure,
    policies: Policies,
    now: datetime,
    jitter: Jitter,
) -> Status:
    """The call for this generation failed; a generation tried for the first time starts afresh."""
    status = seen.status
    attempts_before = 0 if seen.is_untried else status.attempts
    retry = retry_after(failure, attempts_before=attempts_before, policies=policies, jitter=jitter)
    stopped = status.concluding(
        ConditionType.STALLED if retry.stalled else ConditionType.RECONCILING,
        generation=seen.generation,
        reason=failure.reason,
        message=failure.said,
        now=now,
    )
    return replace(
        stopped,
        last_error=_last_error(failure, now),
        last_handled_reconcile_at=seen.reconcile_request,
        attempts=retry.attempts,
        next_retry_time=now + retry.delay,
    )


def refused(seen: SceneAudio, *, reason: Reason, message: str, now: datetime) -> Status:
    """The operator itself won't call: it waits until something else changes."""
    suspended = reason is Reason.SUSPENDED
    stopped = seen.status.concluding(
        ConditionType.SUSPENDED if suspended else ConditionType.STALLED,
        generation=seen.generation,
        reason=reason,
        message=message,
        now=now,
    )
    return replace(_without_failures(stopped), last_handled_reconcile_at=seen.reconcile_request)


def _last_error(failure: Failure, now: datetime) -> LastError:
    return LastError(
        code=failure.code,
        message=failure.message[:MESSAGE_LIMIT],
        http_status=failure.http_status,
        request_id=failure.request_id,
        time=now,
    )
