"""What a person is told of a failure: what it means, what to do, and what the service said."""

from caster_scene_audio.domain.failure import Failure
from caster_scene_audio.domain.reasons import Reason

MESSAGE_LIMIT = 1024
"""Characters of a condition's or error's message; enough for a person, kind to etcd."""

AS_DECLARED = "The scene's audio is as declared."

_WHAT_FOLLOWS: dict[Reason, str] = {
    Reason.THROTTLED: ("The account's quota of calls is used up; the change waits for its turn."),
    Reason.RESOURCE_IN_CHANNEL: (
        "A resource of the scene is in use by a channel; the change is tried again until it is free."
    ),
    Reason.SCENE_NOT_READY: (
        "The scene is not in a state that takes the change; it is tried again until it is."
    ),
    Reason.CASTER_NOT_FOUND: (
        "The account has no such caster: check spec.casterId, spec.regionId and whose access key "
        "is used. If the caster is yet to be created, nothing need be done."
    ),
    Reason.SCENE_NOT_FOUND: (
        "The caster has no such scene: check spec.sceneId and the locations of spec.layers. "
        "If the scene is yet to be created, nothing need be done."
    ),
    Reason.ACCESS_DENIED: (
        "The access key may not do this: allow it live:UpdateCasterSceneAudio on the caster, "
        "live:DescribeCasterSceneAudio for reading it back (or set spec.drift to Ignore) and "
        "live:DescribeCasterScenes for spec.onAir."
    ),
    Reason.CREDENTIALS_UNAVAILABLE: "The operator has no access key that the service takes.",
    Reason.INVALID_SPEC: "The service refuses the spec: correct it, and it is tried at once.",
    Reason.CLOCK_SKEWED: (
        "The service refuses the time or nonce of the signature; it is signed anew. "
        "If this stays, check the clock of the operator's node."
    ),
    Reason.SERVICE_UNAVAILABLE: "The service failed; the change is tried again.",
    Reason.UNREACHABLE: "The service can't be reached; the change is tried again.",
}


def said_of(failure: Failure) -> str:
    """The message of the condition, cut to the limit but for the RequestId at its end."""
    said = f"{_WHAT_FOLLOWS[failure.reason]} ({failure.code}: {failure.message})"
    request = f" RequestId {failure.request_id}." if failure.request_id else ""
    return said[: MESSAGE_LIMIT - len(request)] + request
