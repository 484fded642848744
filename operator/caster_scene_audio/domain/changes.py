"""What a write changes in a scene, told to a person by location."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from caster_scene_audio.domain.spec import AppliedAudio, AudioFilter, Channel, Layer

SHOWN = 8
"""Changes that a text lists; of more it says how many."""


def listed(changes: list[str]) -> str:
    """`RV01 volumeRate 0.7 → 0.8, RV03 added (0.35, delay 120 ms)`; empty where nothing changes."""
    rest = len(changes) - SHOWN
    more = [f"and {rest} more"] if rest > 0 else []
    return ", ".join([*changes[:SHOWN], *more])


def changes(before: AppliedAudio, after: AppliedAudio) -> list[str]:
    """What `after` says otherwise than `before`.

    A part that `after` leaves out isn't compared. One that `before` leaves out isn't known: what it
    is set to is told whole.
    """
    found: list[str] = []
    if after.follow_mode not in {None, before.follow_mode}:
        had = f"{before.follow_mode} →" if before.follow_mode else "set to"
        found.append(f"followMode {had} {after.follow_mode}")
    if after.layers is not None and before.layers is None:
        found.extend(f"{each.location_id} set to ({_layer_words(each)})" for each in after.layers)
    elif after.layers is not None and before.layers is not None:
        found.extend(_layer_changes(before.layers, after.layers))
    return found


def replaced_audio(replaced: dict[str, Any] | None) -> AppliedAudio | None:
    """What a scene had before the first write; None where it isn't known or can't be understood."""
    try:
        return AppliedAudio.model_validate(replaced) if replaced else None
    except ValidationError:
        return None


def untold_filters(before: AppliedAudio | None, after: AppliedAudio) -> str:
    """The filters that `after` sends to locations for which none was sent before.

    What they were can't be read, so what was set elsewhere is gone. Empty where there is none.
    """
    known = {layer.location_id for layer in (before and before.layers) or ()}
    return "; ".join(
        f"{layer.location_id} {_filter_words(layer.filter)}"
        for layer in after.layers or ()
        if layer.location_id not in known
    )


def _layer_changes(before: tuple[Layer, ...], after: tuple[Layer, ...]) -> Iterator[str]:
    had = {layer.location_id: layer for layer in before}
    has = {layer.location_id: layer for layer in after}
    for location, layer in has.items():
        if location in had:
            yield from _field_changes(had[location], layer)
        else:
            yield f"{location} added ({_layer_words(layer)})"
    for location in had:
        if location not in has:
            yield f"{location} removed"
    stayed = [location for location in had if location in has]
    came = [location for location in has if location not in had]
    if [*has] != stayed + came:
        yield f"order [{', '.join(had)}] → [{', '.join(has)}]"


def _field_changes(before: Layer, after: Layer) -> Iterator[str]:
    for name in Layer.model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if isinstance(old, AudioFilter):
            yield f"{after.location_id} filter {_filter_words(old)} → {_filter_words(new)}"
        else:
            yield f"{after.location_id} {to_camel(name)} {_number(old)} → {_number(new)}"


def _layer_words(layer: Layer) -> str:
    """Its volume, and whatever else isn't the default."""
    words = [_number(layer.volume_rate)]
    for name, field in Layer.model_fields.items():
        value = getattr(layer, name)
        if name not in {"location_id", "volume_rate"} and value != field.default:
            words.append(_field_words(name, value))
    return ", ".join(words)


def _field_words(name: str, value: object) -> str:
    if isinstance(value, AudioFilter):
        return _filter_words(value)
    if isinstance(value, Channel):
        return str(value)
    if name == "fixed_delay_milliseconds":
        return f"delay {value} ms"
    return f"{to_camel(name)} {_number(value)}"


def _filter_words(wanted: AudioFilter) -> str:
    words = []
    if wanted.automatic_gain_control:
        words.append("automatic gain control")
    if wanted.noise_reduction:
        words.append(f"noise reduction {wanted.noise_reduction}")
    if wanted.voice_beautification:
        words.append(f"voice beautification {wanted.voice_beautification}")
    return " and ".join(words) or "off"


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else f"{value}"
