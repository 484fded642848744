"""An object as the page shows it: docs/desk.md says what a scene's members mean."""

from collections.abc import Iterator
from typing import Any

from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.changes import replaced_audio
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import AppliedAudio, AudioFilter, Layer, SceneAudioSpec
from caster_scene_audio.domain.status import ConditionType

View = dict[str, Any]

VOICES = {"FreshFemale": "fresh female", "MagneticMale": "magnetic male"}


def view_of(body: dict[str, Any]) -> View:
    """What is declared, and beside it what the scene has as far as the status tells that."""
    seen = scene_audio_from(body)
    view = {
        "key": f"{seen.ref}",
        "name": f"{seen.ref}",
        "air": True if seen.status.reason == Reason.ON_AIR else None,
        "marks": [*_marks(seen)],
        "last": _last(seen),
        "object": {"uid": seen.ref.uid, "generation": seen.generation},
    }
    if isinstance(seen.spec, SceneAudioSpec):
        ids = {"caster": seen.spec.caster_id, "scene": seen.spec.scene_id}
        return view | ids | _audio(seen, seen.spec) | {"state": _state(seen)}
    message = {"ready": False, "reason": f"{Reason.INVALID_SPEC}", "message": seen.spec.message}
    nothing: View = {"caster": "", "scene": "", "follow": None, "layers": [], "declared": None}
    return view | nothing | {"state": message}


def _audio(seen: SceneAudio, spec: SceneAudioSpec) -> View:
    declared, has = spec.audio, _has(seen, spec) or spec.audio
    filters = {each.location_id: each.filter for each in declared.layers or ()}
    is_read = replaced_audio(seen.status.observed) is not None  # which tells no filters
    layers = [
        _layer(each, filters.get(each.location_id) if is_read else each.filter)
        for each in has.layers or declared.layers or ()
    ]
    follow = has.follow_mode or declared.follow_mode
    told = f"{follow}" if follow else None
    return {"follow": told, "layers": layers, "declared": _declared(declared, told, layers)}


def _has(seen: SceneAudio, spec: SceneAudioSpec) -> AppliedAudio | None:
    """What was last read where it differs, else what was last sent or found; None: not known."""
    status = seen.status
    if observed := replaced_audio(status.observed):
        return observed
    if status.applied is not None:
        return status.applied
    if status.is_ready and status.observed_generation == seen.generation:
        return spec.audio
    return replaced_audio(status.replaced)


def _marks(seen: SceneAudio) -> Iterator[str]:
    if isinstance(seen.spec, SceneAudioSpec) and _has(seen, seen.spec) is None:
        yield "not sent yet"
    for type_, mark in ((ConditionType.DRIFTED, "drifted"), (ConditionType.STALLED, "stalled")):
        if seen.status.condition(type_) is not None:
            yield mark


def _declared(declared: AppliedAudio, follow: str | None, layers: list[View]) -> View:
    """What is left out is as the scene has it."""
    said = declared.layers
    return {
        "follow": f"{declared.follow_mode}" if declared.follow_mode else follow,
        "layers": layers if said is None else [_layer(each, each.filter) for each in said],
    }


def _layer(layer: Layer, filters: AudioFilter | None) -> View:
    return {
        "location": layer.location_id,
        "volume": layer.volume_rate,
        "channel": f"{layer.valid_channel}",
        "delay": layer.fixed_delay_milliseconds,
        "filters": [*_filters(filters)],
    }


def _filters(filters: AudioFilter | None) -> Iterator[str]:
    if filters is None:
        return
    if filters.automatic_gain_control:
        yield "automatic gain"
    if filters.noise_reduction:
        yield f"noise reduction: {f'{filters.noise_reduction}'.lower()}"
    if voice := filters.voice_beautification:
        yield f"voice: {VOICES.get(f'{voice}', f'{voice}')}"


def _state(seen: SceneAudio) -> View:
    status = seen.status
    ready = status.condition(ConditionType.READY)
    if ready is None or ready.observed_generation != seen.generation:
        return {
            "ready": False,
            "reason": "Waiting",
            "message": "The operator has not answered yet.",
        }
    said = [ready.message]
    if status.next_retry_time is not None:
        said.append(f"Next try {status.next_retry_time:%H:%M:%S} UTC.")
    return {"ready": ready.status, "reason": ready.reason, "message": " ".join(said)}


def _last(seen: SceneAudio) -> View | None:
    status = seen.status
    if status.request_id is None or status.last_applied_time is None:
        return None
    return {
        "time": f"{status.last_applied_time:%Y-%m-%d %H:%M:%S} UTC",
        "requestId": status.request_id,
    }
