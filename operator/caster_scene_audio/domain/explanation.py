"""What a person is told of a failed call: what it means for this object, and what to do."""

from caster_scene_audio.domain.failure import Failure, FailureClass
from caster_scene_audio.domain.objects import SceneAudio, UnreadableSpec
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.status import MESSAGE_LIMIT

LOCATIONS_LIMIT = 200
"""Characters that the locations of an object take in a message; more are cut."""


def explained(failure: Failure, seen: SceneAudio) -> str:
    """What it means, what to do, and what the service said.

    Cut to MESSAGE_LIMIT characters, but for the RequestId at its end.
    """
    text = f"{_meaning(failure, seen)} ({failure.code}: {failure.message})"
    request = f" RequestId {failure.request_id}." if failure.request_id else ""
    return text[: MESSAGE_LIMIT - len(request)] + request


def _meaning(failure: Failure, seen: SceneAudio) -> str:
    says = failure.reason.traits.says
    match failure.reason:
        case Reason.SCENE_NOT_READY if failure.failure_class is FailureClass.MISCONFIGURED:
            return (
                "The scene's configuration is incorrect, so it takes no change: mend it in the"
                " console. The change is tried again until then."
            )
        case Reason.LOCATION_NOT_FOUND:
            return f"{says} spec.layers names {_locations(seen)}."
        case Reason.ENDPOINT_WRONG if failure.host:
            return f"{says} The address is {failure.host}."
        case Reason.CREDENTIALS_UNAVAILABLE:
            return _credentials(failure, seen)
        case Reason.ACCESS_DENIED | Reason.ACCOUNT_BARRED:
            return f"{says} The key is {_whose(seen)}."
        case _:
            return says


def _credentials(failure: Failure, seen: SceneAudio) -> str:
    if failure.http_status is not None:
        return (
            f"The service doesn't take the access key, which is {_whose(seen)}: correct it there."
        )
    if seen.secret is not None:
        return f"This object's Secret {seen.secret.name} gives no access key that can be used."
    return "The operator has no access key of its own that can be used."


def _whose(seen: SceneAudio) -> str:
    secret = seen.secret
    return "the operator's own" if secret is None else f"that of this object's Secret {secret.name}"


def _locations(seen: SceneAudio) -> str:
    layers = () if isinstance(seen.spec, UnreadableSpec) else seen.spec.layers or ()
    named = ", ".join(layer.location_id for layer in layers) or "none"
    return named if len(named) <= LOCATIONS_LIMIT else f"{named[: LOCATIONS_LIMIT - 1]}…"
