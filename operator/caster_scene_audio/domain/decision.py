"""What is to be done for an object now: one pure function, asked after whatever happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from caster_scene_audio.domain.access import AccessPolicy
from caster_scene_audio.domain.objects import SceneAudio, UnreadableSpec
from caster_scene_audio.domain.reasons import SETTLED, Reason
from caster_scene_audio.domain.spec import Drift, Mode, SceneAudioSpec
from caster_scene_audio.domain.status import ConditionType


class Priority(IntEnum):
    """Who goes first: the lower number. What a person has just changed precedes retries."""

    CHANGED = 0
    RETRY = 1
    READ = 2


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing, until something changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """Write the spec to the studio, at once or from `not_before` on."""

    spec: SceneAudioSpec
    priority: Priority
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Read the scene back and compare, at once or from `not_before` on.

    `before_write`: keep what the scene has, as the object is about to write it for the first time.
    """

    spec: SceneAudioSpec
    priority: Priority
    not_before: datetime | None = None
    before_write: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Report without a call why there will be none until something else changes."""

    reason: Reason
    message: str


READINGS_BEFORE_WRITE = 2
"""So many failures in a row, and the object is written without knowing what was there."""

Step = Rest | Apply | Read | Refuse


def next_step(seen: SceneAudio, access: AccessPolicy, holder: SceneAudio | None = None) -> Step:
    """Only state decides: what was last tried, how that went, when to look again.

    `holder` is the older object for the same scene, where there is one.
    """
    if isinstance(seen.spec, UnreadableSpec):
        return _refuse_once(seen, Reason.INVALID_SPEC, seen.spec.message)
    if holder is not None:
        return _refuse_once(seen, Reason.CONFLICT, _conflict(seen, holder))
    if seen.spec.suspend:
        return _refuse_once(seen, Reason.SUSPENDED, Reason.SUSPENDED.traits.says)
    if seen.secret is None:
        objection = access.objection(namespace=seen.ref.namespace, caster_id=seen.spec.caster_id)
        if objection:
            return _refuse_once(seen, Reason.ACCESS_DENIED, objection)
    if seen.spec.mode is Mode.OBSERVE:
        return _observe(seen, seen.spec)
    return _manage(seen, seen.spec)


def _manage(seen: SceneAudio, spec: SceneAudioSpec) -> Step:
    if seen.is_changed:
        return _apply(seen, spec, Priority.CHANGED)
    if seen.plan.to_correct:
        return Apply(spec=spec, priority=Priority.RETRY, not_before=seen.status.next_retry_time)
    if seen.status.reason not in SETTLED:
        # A throttled object has lost no turn of its own: it goes with the changed ones.
        throttled = seen.status.reason == Reason.THROTTLED
        priority = Priority.CHANGED if throttled else Priority.RETRY
        return _apply(seen, spec, priority, not_before=seen.status.next_retry_time)
    if spec.drift is Drift.IGNORE:
        return Rest()
    return Read(spec=spec, priority=Priority.READ, not_before=seen.plan.next_read)


def _apply(
    seen: SceneAudio,
    spec: SceneAudioSpec,
    priority: Priority,
    *,
    not_before: datetime | None = None,
) -> Apply | Read:
    if _is_to_be_kept(seen, spec):
        return Read(spec=spec, priority=priority, not_before=not_before, before_write=True)
    return Apply(spec=spec, priority=priority, not_before=not_before)


def _is_to_be_kept(seen: SceneAudio, spec: SceneAudioSpec) -> bool:
    """Whether to read what the first write replaces; reading that fails doesn't hold it up long."""
    if seen.status.request_id is not None or seen.plan.before is not None:
        return False
    return spec.drift is not Drift.IGNORE and seen.status.attempts < READINGS_BEFORE_WRITE


def _observe(seen: SceneAudio, spec: SceneAudioSpec) -> Step:
    if seen.is_changed:
        return Read(spec=spec, priority=Priority.CHANGED)
    if seen.status.reason != Reason.OBSERVED:
        return Read(spec=spec, priority=Priority.RETRY, not_before=seen.status.next_retry_time)
    return Read(spec=spec, priority=Priority.READ, not_before=seen.plan.next_read)


def _refuse_once(seen: SceneAudio, reason: Reason, message: str) -> Rest | Refuse:
    ready = seen.status.condition(ConditionType.READY)
    told = ready and (ready.reason, ready.message) == (reason, message)
    if told and not seen.is_changed:
        return Rest()
    return Refuse(reason=reason, message=message)


def _conflict(seen: SceneAudio, holder: SceneAudio) -> str:
    """Across namespaces only that there is one: a tenant doesn't read another's names."""
    if holder.ref.namespace == seen.ref.namespace:
        who = f"The older object {holder.ref.name}"
    else:
        who = "An older object in another namespace"
    return f"{who} holds this scene. {Reason.CONFLICT.traits.says}"
