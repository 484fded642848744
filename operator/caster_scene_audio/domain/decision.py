"""What is to be done for an object now: one pure function, asked after whatever happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from caster_scene_audio.domain.objects import SceneAudio, UnreadableSpec
from caster_scene_audio.domain.reason import Reason
from caster_scene_audio.domain.spec import SceneAudioSpec


class Priority(IntEnum):
    """Who goes first: the lower number. What a person has just changed precedes retries."""

    CHANGED = 0
    RETRY = 1


@dataclass(frozen=True, slots=True)
class Rest:
    """The studio is as declared, as far as the last answer proves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """Call the service with this spec, at once or from `not_before` on."""

    spec: SceneAudioSpec
    priority: Priority
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """Report without a call that the spec can't be read."""

    message: str


Step = Rest | Apply | Refuse


def next_step(seen: SceneAudio) -> Step:
    """Only state decides: the generation last tried, whether it succeeded, when to try again."""
    tried = seen.status.observed_generation == seen.generation
    if isinstance(seen.spec, UnreadableSpec):
        refused = tried and seen.status.reason == Reason.INVALID_SPEC
        return Rest() if refused else Refuse(seen.spec.message)
    if not tried:
        return Apply(spec=seen.spec, priority=Priority.CHANGED)
    if seen.status.is_ready:
        return Rest()
    # A throttled object has lost no turn of its own: it goes with the changed ones.
    throttled = seen.status.reason == Reason.THROTTLED
    return Apply(
        spec=seen.spec,
        priority=Priority.CHANGED if throttled else Priority.RETRY,
        not_before=seen.status.next_retry_time,
    )
