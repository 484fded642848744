"""What a person is told besides the status: an Event, where the reason of Ready changes."""

import re
from dataclasses import dataclass

from caster_scene_audio.domain.changes import changes, listed, replaced_audio
from caster_scene_audio.domain.reasons import Reason, traits_of
from caster_scene_audio.domain.spec import AppliedAudio
from caster_scene_audio.domain.status import ConditionType, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectEvent:
    """One Kubernetes Event; its reason is the condition's."""

    reason: str
    note: str
    warning: bool
    tells_change: bool = False
    """Its note says what changed, so that no two are alike."""


def object_event_of(before: Status, after: Status) -> ObjectEvent | None:
    """What the change from one status to the next is worth telling; None: nothing new."""
    ready = after.condition(ConditionType.READY)
    if ready is None or (ready.reason == before.reason and not _is_written(before, after)):
        return None
    traits = traits_of(ready.reason)
    if traits is not None and not traits.has_event:
        return None
    note = re.sub(r" RequestId \S+\.$", "", ready.message)  # equal notes are counted up
    changed = _changed(before, after)
    return ObjectEvent(
        reason=ready.reason,
        note=note + changed,
        warning=traits is None or traits.warning,
        tells_change=bool(changed),
    )


def _is_written(before: Status, after: Status) -> bool:
    """Whether a write was made: each has its Event, but for corrections that are in vain."""
    if after.reason == Reason.DRIFT_CONTENDED:
        return False
    return before.request_id != after.request_id or before.last_applied_time != (
        after.last_applied_time
    )


def _changed(before: Status, after: Status) -> str:
    """What a change of the spec changed in the scene; a correction says that itself."""
    if after.reason != Reason.APPLIED or after.applied is None:
        return ""
    had = before.applied or replaced_audio(after.replaced) or AppliedAudio()
    what = listed(changes(had, after.applied))
    return f" Changed: {what}" if what else ""
