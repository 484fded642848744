"""Where a scene's audio differs from what its object says. What the spec leaves out isn't compared."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, fields

from pydantic.alias_generators import to_camel
from typing_extensions import override

from caster_scene_audio.domain.audio import ObservedAudio, ObservedLayer
from caster_scene_audio.domain.bounds import cut
from caster_scene_audio.domain.spec import Layer, SceneAudioSpec

LIST_LIMIT = 200
"""Characters that a list of locations takes; more are cut."""

SHOWN = 8
"""Differences that a message lists; of more it says how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field, as it is in the studio and as the spec wants it."""

    location: str = ""
    """The layer's; empty for what belongs to no layer."""
    field: str
    observed: str
    wanted: str

    @override
    def __str__(self) -> str:
        return f"{self.location} {self.field} {self.observed} → {self.wanted}".lstrip()


def differences(wanted: SceneAudioSpec, observed: ObservedAudio) -> tuple[Difference, ...]:
    """All that is known to differ, in the order of the spec.

    What the spec leaves out isn't compared, nor what the service doesn't tell: the filters, and
    whatever an answer leaves out.
    """
    return tuple(_differences(wanted, observed))


def is_as_wanted(wanted: SceneAudioSpec, observed: ObservedAudio) -> bool:
    """Whether the scene is known to be as the spec says, but for filters that the spec leaves out.

    A filter that the spec names can't be read back, so it is not known.
    """
    return (
        not wanted.names_filters
        and not differences(wanted, observed)
        and all(_is_told(wanted, observed))
    )


def _is_told(wanted: SceneAudioSpec, observed: ObservedAudio) -> Iterator[bool]:
    if wanted.follow_mode is not None:
        yield observed.follow_mode is not None
    if wanted.layers is not None:
        yield observed.layers is not None
        for layer in observed.layers or ():
            yield all(getattr(layer, each.name) is not None for each in fields(layer))


def listed(found: tuple[Difference, ...]) -> str:
    """For a person: `RV01 volumeRate 0.8 → 1.0; …`."""
    rest = len(found) - SHOWN
    more = f"; and {rest} more" if rest > 0 else ""
    return "; ".join(str(each) for each in found[:SHOWN]) + more


def _differences(wanted: SceneAudioSpec, observed: ObservedAudio) -> Iterator[Difference]:
    if wanted.follow_mode is not None and observed.follow_mode not in {None, wanted.follow_mode}:
        yield Difference(
            field="followMode",
            observed=str(observed.follow_mode),
            wanted=str(wanted.follow_mode),
        )
    if wanted.layers is not None and observed.layers is not None:
        yield from _layer_differences(wanted.layers, observed.layers)


def _layer_differences(
    wanted: tuple[Layer, ...], observed: tuple[ObservedLayer, ...]
) -> Iterator[Difference]:
    have = [layer.location_id for layer in observed]
    want = [layer.location_id for layer in wanted]
    if have != want:
        yield Difference(field="layers", observed=_locations(have), wanted=_locations(want))
    found = {layer.location_id: layer for layer in observed}
    for layer in wanted:
        if layer.location_id in found:
            yield from _field_differences(layer, found[layer.location_id])


def _field_differences(layer: Layer, seen: ObservedLayer) -> Iterator[Difference]:
    for field, has, wants in _fields(layer, seen):
        if has != wants:
            yield Difference(
                location=layer.location_id, field=field, observed=str(has), wanted=str(wants)
            )


def _fields(layer: Layer, seen: ObservedLayer) -> Iterator[tuple[str, object, object]]:
    """Each field that is read back, as it is and as it is wanted."""
    for field in fields(seen):
        has, wants = getattr(seen, field.name), getattr(layer, field.name)
        if has is None or (field.name == "volume_rate" and same_volume(has, wants)):
            continue
        yield to_camel(field.name), has, wants


def same_volume(one: float, other: float) -> bool:
    """Whether two volumes are one to the service, which keeps 32-bit floats."""
    return _as_float32(one) == _as_float32(other)


def _as_float32(value: float) -> float:
    try:
        (narrowed,) = struct.unpack("<f", struct.pack("<f", value))
    except OverflowError:
        return value
    return float(narrowed)


def _locations(location_ids: list[str]) -> str:
    return f"[{cut(', '.join(location_ids), LIST_LIMIT)}]"
