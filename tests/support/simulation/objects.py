"""Objects and answers for tests, with just what a test is about spelled out."""

from datetime import UTC, datetime
from typing import Any

from caster_scene_audio.domain.codes import classify
from caster_scene_audio.domain.failure import Failure
from caster_scene_audio.domain.objects import ObjectRef, SceneAudio
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status

NOON = datetime(2026, 8, 15, 12, 0, tzinfo=UTC)


def spec(**fields: Any) -> SceneAudioSpec:
    return SceneAudioSpec.model_validate(
        {"casterId": "caster-1", "sceneId": "scene-1", "followMode": "AudioMixing"} | fields
    )


def scene_audio(
    name: str = "morning-show",
    *,
    generation: int = 1,
    status: Status | None = None,
    **fields: Any,
) -> SceneAudio:
    return SceneAudio(
        ref=ObjectRef(namespace="studio", name=name, uid=f"uid-{name}"),
        generation=generation,
        spec=spec(**({"sceneId": f"scene-of-{name}"} | fields)),
        status=status or Status(),
    )


def failure(code: str, http_status: int = 400, *, retry_after_s: float | None = None) -> Failure:
    """The failure that an answer with this code and status is."""
    failure_class, reason = classify(
        code=code, http_status=http_status, says_when=retry_after_s is not None
    )
    return Failure(
        failure_class=failure_class,
        reason=reason,
        code=code,
        message=f"the service says {code}",
        http_status=http_status,
        request_id="REQUEST-OF-FAILURE",
        retry_after_s=retry_after_s,
    )


IN_CHANNEL = failure("ResourceInChannel.PreConditionFailed", 412)
INTERNAL_ERROR = failure("InternalError", 500)
THROTTLED = failure("Throttling.User", 400, retry_after_s=2.0)
MALFORMED = failure("InvalidParameter.Malformed", 400)
