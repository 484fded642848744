"""One write of a scene, as a record that is kept: what, why, by whom, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caster_scene_audio.domain.audio import audio_as_spec, audio_from_spec
from caster_scene_audio.domain.changes import replaced_audio
from caster_scene_audio.domain.comparison import listed
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.plan import Cause
from caster_scene_audio.domain.spec import AppliedAudio, SceneAudioSpec
from caster_scene_audio.domain.status import Action

RENEWED = "credentials"
"""Why a call is made once more at once: its token had expired, and there was another."""

CANCELLED, DEFECT = "Cancelled", "Defect"
"""The outcome of a call that a stop tore off, whether or not it took effect; and of our own fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """One call of UpdateCasterSceneAudio. None: it is not known.

    `before` is what was last sent for the object, else what the scene was read to have. `drift` is
    what a reading found since, where that is why. `outcome` is Applied, or the reason that the
    object shows. It holds nothing of the credentials.
    """

    time: datetime
    object: str
    generation: int
    caster_id: str
    scene_id: str
    why: str
    who: str | None
    before: dict[str, Any] | None
    drift: str | None
    after: dict[str, Any]
    outcome: str
    code: str
    request_id: str | None
    duration_ms: int

    def as_json(self) -> dict[str, Any]:
        """Its members in the order in which they are read; those that aren't known are left out."""
        members = {
            "time": self.time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "object": self.object,
            "generation": self.generation,
            "casterId": self.caster_id,
            "sceneId": self.scene_id,
            "why": self.why,
            "who": self.who,
            "before": self.before,
            "drift": self.drift,
            "after": self.after,
            "outcome": self.outcome,
            "code": self.code,
            "requestId": self.request_id,
            "durationMs": self.duration_ms,
        }
        return {name: value for name, value in members.items() if value is not None}


def begun(seen: SceneAudio, spec: SceneAudioSpec, cause: Cause, *, now: datetime) -> ChangeRecord:
    """Of a call that is made now; what comes of it is put in afterwards."""
    return ChangeRecord(
        time=now,
        object=str(seen.ref),
        generation=seen.generation,
        caster_id=spec.caster_id,
        scene_id=spec.scene_id,
        why=str(Cause.RETRY if _is_tried_again(seen) else cause),
        who=seen.written_by,
        before=_before(seen),
        drift=listed(seen.plan.to_correct) if cause is Cause.DRIFT else None,
        after=_as_json(spec.audio),
        outcome=DEFECT,
        code="",
        request_id=None,
        duration_ms=0,
    )


def _is_tried_again(seen: SceneAudio) -> bool:
    """The same wish failed before; that it is still due to the spec is of no use to a reader."""
    return not seen.is_changed and seen.status.failed_action == Action.UPDATE


def _before(seen: SceneAudio) -> dict[str, Any] | None:
    if seen.status.applied is not None:
        return _as_json(seen.status.applied)
    read = replaced_audio(seen.status.replaced)
    return seen.status.replaced if read is None else audio_as_spec(audio_from_spec(read))


def _as_json(audio: AppliedAudio) -> dict[str, Any]:
    return audio.model_dump(mode="json", by_alias=True, exclude_none=True)
