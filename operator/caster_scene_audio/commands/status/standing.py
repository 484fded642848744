"""How one object stands: whether a person must act, and what is told of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.status import Condition, ConditionType

NEW = "The operator has not seen this generation yet: is it running?"


class State(IntEnum):
    """The worst first."""

    PERSON = 0
    RETRIED = 1
    WAITS = 2
    FINE = 3

    @property
    def words(self) -> str:
        return ("needs a person", "tried again", "waits", "fine")[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    state: State
    namespace: str
    name: str
    reason: str
    message: str
    next_try: datetime | None
    code: str | None
    """Of the last call that failed, in the service's word."""
    request_id: str | None

    @property
    def order(self) -> tuple[State, str, str]:
        return self.state, self.namespace, self.name


def standing_of(seen: SceneAudio) -> Standing:
    status = seen.status
    ready = status.condition(ConditionType.READY)
    error = status.last_error
    is_new = seen.is_untried or ready is None
    return Standing(
        state=_state(seen, ready),
        namespace=seen.ref.namespace,
        name=seen.ref.name,
        reason="-" if is_new or ready is None else ready.reason,
        message=NEW if is_new or ready is None else ready.message,
        next_try=None if is_new else status.next_retry_time,
        code=error.code if error else None,
        request_id=(error.request_id if error else None) or status.request_id,
    )


def _state(seen: SceneAudio, ready: Condition | None) -> State:
    status = seen.status
    if seen.is_untried or ready is None:
        return State.WAITS
    if status.condition(ConditionType.STALLED):
        return State.PERSON
    if ready.status:
        return State.FINE
    return State.RETRIED if status.last_error else State.WAITS
