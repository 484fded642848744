"""What is to be done for an object now: one pure function, asked after whatever happened.

State decides, never the reason in a condition: a write is due by one of the four causes and by
nothing else. Moments are monotonic seconds.
"""

from dataclasses import dataclass
from enum import IntEnum

from caster_scene_audio.domain.access import AccessPolicy
from caster_scene_audio.domain.objects import SceneAudio, UnreadableSpec
from caster_scene_audio.domain.plan import Cause
from caster_scene_audio.domain.reasons import SETTLED, Reason, traits_of
from caster_scene_audio.domain.spec import Drift, Mode, SceneAudioSpec
from caster_scene_audio.domain.status import Action, ConditionType


class Priority(IntEnum):
    """Who goes first: the lower number. What a person has just changed precedes retries."""

    CHANGED = 0
    RETRY = 1
    READ = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Nothing, until something changes or `until` comes."""

    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """Write the spec to the studio, at once or from `not_before` on."""

    spec: SceneAudioSpec
    cause: Cause
    priority: Priority
    not_before: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Read the scene back and compare, at once or from `not_before` on.

    `adopts`: nothing was sent for this object yet. The reading tells whether anything has to be,
    and what the first write replaces; that write waits for it for a bounded time.
    """

    spec: SceneAudioSpec
    priority: Priority
    not_before: float | None = None
    adopts: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Report without a call that what was concluded holds for the new generation, too."""

    spec: SceneAudioSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Report without a call why there will be none until something else changes."""

    reason: Reason
    message: str


Step = Rest | Apply | Read | Acknowledge | Refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The older object that holds the scene; its name only where that is to be told."""

    namespace: str
    name: str | None


def next_step(
    seen: SceneAudio,
    access: AccessPolicy,
    holder: Holder | None = None,
    *,
    is_open: bool = False,
    now: float,
) -> Step:
    """Only state decides: what was last sent and read, how that went, when to look again.

    `holder` is the older object for the same scene, where there is one. `is_open`: whether there is
    one isn't known yet.
    """
    if isinstance(seen.spec, UnreadableSpec):
        return _refuse_once(seen, Reason.INVALID_SPEC, seen.spec.message)
    if seen.spec.suspend:
        return _refuse_once(seen, Reason.SUSPENDED, Reason.SUSPENDED.traits.says)
    if objection := _objection(seen, seen.spec, access):
        return _refuse_once(seen, Reason.ACCESS_DENIED, objection)
    if seen.spec.mode is Mode.OBSERVE:
        return _observe(seen, seen.spec)
    if holder is not None:
        return _refuse_once(seen, Reason.CONFLICT, _conflict(seen, holder))
    return Rest() if is_open else _manage(seen, seen.spec, now)


def may_call(seen: SceneAudio, access: AccessPolicy) -> bool:
    """Whether anything may be called for the object, as far as it and the settings say."""
    if isinstance(seen.spec, UnreadableSpec) or seen.spec.suspend:
        return False
    return _objection(seen, seen.spec, access) is None


def may_write(seen: SceneAudio, access: AccessPolicy) -> bool:
    """Likewise whether it may write: only such an object can claim a scene."""
    is_manager = isinstance(seen.spec, SceneAudioSpec) and seen.spec.mode is Mode.MANAGE
    return is_manager and may_call(seen, access)


def _objection(seen: SceneAudio, spec: SceneAudioSpec, access: AccessPolicy) -> str | None:
    if seen.secret is not None:
        return None
    return access.objection(namespace=seen.ref.namespace, caster_id=spec.caster_id)


def write_due_to(seen: SceneAudio, spec: SceneAudioSpec) -> Cause | None:
    """Why the studio is to be written; None where it is not."""
    plan = seen.plan
    if seen.is_asked_for or plan.cause is Cause.REQUEST:
        return Cause.REQUEST
    if _is_something_else_wanted(seen, spec):
        return Cause.SPEC
    if plan.to_correct and spec.drift is Drift.CORRECT:
        return Cause.DRIFT
    if seen.status.failed_action == Action.UPDATE and (
        spec.drift is not Drift.REPORT or plan.cause is Cause.SPEC
    ):
        return Cause.RETRY
    return None


def _is_something_else_wanted(seen: SceneAudio, spec: SceneAudioSpec) -> bool:
    """Than what was last sent; where nothing was, than what the scene was read to have."""
    if seen.status.applied is not None:
        return spec.says_otherwise_than(seen.status.applied)
    proved = seen.plan.proved
    return proved is None or spec.names_filters or spec.says_otherwise_than(proved)


def _manage(seen: SceneAudio, spec: SceneAudioSpec, now: float) -> Step:
    cause = write_due_to(seen, spec)
    if cause is None:
        return _keep(seen, spec)
    if seen.status.applied is None:
        return _first_write(seen, spec, cause, now)
    return _apply(seen, spec, cause)


def _first_write(seen: SceneAudio, spec: SceneAudioSpec, cause: Cause, now: float) -> Step:
    """Nothing was sent yet: what the scene has is read and put on record, if that takes not long."""
    if seen.plan.holds(now):
        if cause is not Cause.DRIFT and seen.plan.is_to_adopt(spec.audio) and _may_read(seen, spec):
            return Read(
                spec=spec, adopts=True, priority=_priority(seen), not_before=_held_retry_at(seen)
            )
        if not seen.is_replaced_recorded:
            return Rest(until=seen.plan.held_until)
    return _apply(seen, spec, cause)


def _held_retry_at(seen: SceneAudio) -> float | None:
    """No later than the write waits."""
    retry_at, held_until = _retry_at(seen), seen.plan.held_until
    return retry_at if retry_at is None or held_until is None else min(retry_at, held_until)


def _may_read(seen: SceneAudio, spec: SceneAudioSpec) -> bool:
    """An object that ignores drift needs no right to read, but where it was read before."""
    return spec.drift is not Drift.IGNORE or seen.status.is_ready


def _apply(seen: SceneAudio, spec: SceneAudioSpec, cause: Cause) -> Apply:
    was_tried = seen.plan.cause is not None  # else it is a reading that waits
    not_before = _retry_at(seen) if was_tried else None
    return Apply(spec=spec, cause=cause, priority=_priority(seen), not_before=not_before)


def _priority(seen: SceneAudio) -> Priority:
    """One that only waits for its turn has lost none: it goes with the changed ones."""
    traits = traits_of(seen.status.reason)
    waits = traits is not None and traits.waits_its_turn
    return Priority.CHANGED if seen.is_changed or waits else Priority.RETRY


def _retry_at(seen: SceneAudio) -> float | None:
    return seen.plan.retry_at if seen.plan.tried == seen.wish else None


def _keep(seen: SceneAudio, spec: SceneAudioSpec) -> Step:
    """Nothing is to be written: see to it that the studio stays as it is."""
    is_settled = seen.status.reason in SETTLED
    is_ignored = spec.drift is Drift.IGNORE
    if seen.is_untried:
        rests = seen.status.is_ready and seen.status.condition(ConditionType.DRIFTED) is None
        is_signed = seen.plan.signed_by == (seen.secret,)
        if is_ignored or (is_settled and rests and is_signed):
            return Acknowledge(spec)
        return Read(spec=spec, priority=Priority.CHANGED)
    if not is_settled:
        if is_ignored:
            return Acknowledge(spec)
        return Read(spec=spec, priority=Priority.RETRY, not_before=_retry_at(seen))
    if is_ignored:
        return Rest()
    return Read(spec=spec, priority=Priority.READ, not_before=seen.plan.next_read)


def _observe(seen: SceneAudio, spec: SceneAudioSpec) -> Step:
    if seen.is_changed:
        return Read(spec=spec, priority=Priority.CHANGED)
    if seen.status.reason != Reason.OBSERVED:
        return Read(spec=spec, priority=Priority.RETRY, not_before=_retry_at(seen))
    return Read(spec=spec, priority=Priority.READ, not_before=seen.plan.next_read)


def _refuse_once(seen: SceneAudio, reason: Reason, message: str) -> Rest | Refuse:
    ready = seen.status.condition(ConditionType.READY)
    told = ready and (ready.reason, ready.message) == (reason, message)
    if told and not seen.is_changed:
        return Rest()
    return Refuse(reason=reason, message=message)


def _conflict(seen: SceneAudio, holder: Holder) -> str:
    """Across namespaces only that there is one: a tenant doesn't read another's names."""
    if holder.name is None:
        who = "An older object"
    elif holder.namespace == seen.ref.namespace:
        who = f"The older object {holder.name}"
    else:
        who = "An older object in another namespace"
    return f"{who} holds this scene. {Reason.CONFLICT.traits.says}"
