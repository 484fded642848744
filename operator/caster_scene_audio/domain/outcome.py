"""What an answer makes of an object's status: one pure function for each way a call ends."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from caster_scene_audio.domain.changes import untold_filters
from caster_scene_audio.domain.comparison import Difference, listed
from caster_scene_audio.domain.explanation import explained
from caster_scene_audio.domain.failure import Failure
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.retry import Retry
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import (
    MESSAGE_LIMIT,
    Action,
    ConditionType,
    LastError,
    Status,
)


def queued(seen: SceneAudio, *, replaced: dict[str, Any] | None, now: datetime) -> Status:
    """What the first write will replace is to be on record before it leaves."""
    waiting = seen.status.concluding(
        ConditionType.RECONCILING,
        generation=seen.generation,
        reason=Reason.QUEUED,
        message=Reason.QUEUED.traits.says,
        now=now,
    )
    if seen.status.failed_action == Action.READ:  # this reading has succeeded
        waiting = waiting.without_failures()
    return replace(waiting, replaced=replaced)


def applied(seen: SceneAudio, spec: SceneAudioSpec, *, request_id: str, now: datetime) -> Status:
    """The service took the spec: nothing of earlier failures stays.

    A correction of drift says what it corrected; one of many that are in vain says that too. Filters
    that nobody could know of before are told.
    """
    done = _written(seen, spec, now).without_failures()
    return replace(
        done,
        request_id=request_id,
        last_applied_time=now,
        observed=None,
        applied=spec.audio,
        last_handled_reconcile_at=seen.reconcile_request,
    )


def _written(seen: SceneAudio, spec: SceneAudioSpec, now: datetime) -> Status:
    conclude = partial(seen.status.concluding, generation=seen.generation, now=now)
    filters = untold_filters(seen.status.applied, spec.audio)
    added = f" Filters were sent that could not be read before: {filters}." if filters else ""
    if not seen.plan.to_correct:
        message = f"{Reason.APPLIED.traits.says}{added}"[:MESSAGE_LIMIT]
        return conclude(ConditionType.READY, reason=Reason.APPLIED, message=message)
    what = listed(seen.plan.to_correct)
    if seen.plan.written().is_contended:
        message = f"{Reason.DRIFT_CONTENDED.traits.says} Last corrected: {what}{added}"
        return conclude(
            ConditionType.RECONCILING,
            reason=Reason.DRIFT_CONTENDED,
            message=message[:MESSAGE_LIMIT],
            drift=what,
        )
    message = f"{Reason.DRIFT_CORRECTED.traits.says} Corrected: {what}{added}"
    return conclude(
        ConditionType.READY, reason=Reason.DRIFT_CORRECTED, message=message[:MESSAGE_LIMIT]
    )


def in_sync(seen: SceneAudio, spec: SceneAudioSpec, *, now: datetime) -> Status:
    """A reading showed the studio as the spec says; a success that is on record stays as it is."""
    if seen.status.is_ready and not seen.is_untried:
        return seen.status
    return _as_declared(seen, spec, Reason.IN_SYNC, now)


def acknowledged(seen: SceneAudio, spec: SceneAudioSpec, *, now: datetime) -> Status:
    """Nothing need be sent or read for this generation: what was concluded before still holds."""
    if not seen.status.is_ready:
        return _as_declared(seen, spec, Reason.APPLIED, now)
    return _as_far_as_said(seen.status.acknowledging(seen.generation), spec)


def _as_declared(seen: SceneAudio, spec: SceneAudioSpec, reason: Reason, now: datetime) -> Status:
    done = seen.status.concluding(
        ConditionType.READY,
        generation=seen.generation,
        reason=reason,
        message=reason.traits.says,
        now=now,
    )
    return _as_far_as_said(replace(done.without_failures(), observed=None), spec)


def _as_far_as_said(status: Status, spec: SceneAudioSpec) -> Status:
    applied = status.applied
    return status if applied is None else replace(status, applied=applied.as_far_as(spec))


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
    return replace(done.without_failures(), observed=observed)


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
        done.without_failures(),
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
        waiting.without_failures(),
        last_error=seen.status.last_error,
        next_retry_time=now + timedelta(seconds=delay_s),
        last_handled_reconcile_at=seen.reconcile_request,
    )


def failed(
    seen: SceneAudio,
    *,
    failure: Failure,
    action: Action | None,
    retry: Retry,
    now: datetime,
) -> Status:
    """The call for this generation failed; None: it was not made.

    That an update failed stands until one succeeds, for it may have been taken.
    """
    status = seen.status
    is_update_open = action is not Action.READ and status.failed_action == Action.UPDATE
    stopped = status.concluding(
        ConditionType.STALLED if retry.stalled else ConditionType.RECONCILING,
        generation=seen.generation,
        reason=failure.reason,
        message=explained(failure, seen),
        now=now,
    )
    return replace(
        stopped,
        last_error=_last_error(failure, Action.UPDATE if is_update_open else action, now),
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
    done = replace(stopped.without_failures(), last_handled_reconcile_at=seen.reconcile_request)
    # Whoever holds the scene writes it: what was sent for this object no longer stands.
    return replace(done, applied=None) if reason is Reason.CONFLICT else done


def _last_error(failure: Failure, action: str | None, now: datetime) -> LastError:
    return LastError(
        code=failure.code,
        message=failure.message[:MESSAGE_LIMIT],
        http_status=failure.http_status,
        request_id=failure.request_id,
        time=now,
        action=None if action is None else str(action),
    )
