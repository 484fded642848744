"""What a person is told besides the status: an Event, where the reason of Ready changes."""

import re
from dataclasses import dataclass

from caster_scene_audio.domain.reasons import Reason, traits_of
from caster_scene_audio.domain.status import ConditionType, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectEvent:
    """One Kubernetes Event; its reason is the condition's."""

    reason: str
    note: str
    warning: bool


def object_event_of(before: Status, after: Status) -> ObjectEvent | None:
    """What the change from one status to the next is worth telling; None: nothing new."""
    ready = after.condition(ConditionType.READY)
    if ready is None or (
        ready.reason == before.reason and not _is_another_correction(before, after)
    ):
        return None
    traits = traits_of(ready.reason)
    note = re.sub(r" RequestId \S+\.$", "", ready.message)  # equal notes are counted up
    return ObjectEvent(reason=ready.reason, note=note, warning=traits is None or traits.warning)


def _is_another_correction(before: Status, after: Status) -> bool:
    corrected = after.reason == Reason.DRIFT_CORRECTED
    return corrected and before.last_applied_time != after.last_applied_time
