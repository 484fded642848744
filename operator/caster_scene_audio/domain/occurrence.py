"""What a person is told besides the status: an Event, where the reason of Ready changes."""

from dataclasses import dataclass

from caster_scene_audio.domain.reason import Reason
from caster_scene_audio.domain.status import ConditionType, Status

_USUAL = {Reason.APPLIED, Reason.THROTTLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One Kubernetes Event; its reason is the condition's."""

    reason: str
    note: str
    warning: bool


def occurrence_of(before: Status, after: Status) -> Occurrence | None:
    """What the change from one status to the next is worth telling; None: nothing new."""
    ready = after.condition(ConditionType.READY)
    if ready is None or ready.reason == before.reason:
        return None
    return Occurrence(reason=ready.reason, note=ready.message, warning=ready.reason not in _USUAL)
