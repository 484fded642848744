"""What applying a spec would change in one scene, by location."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic.alias_generators import to_camel

from caster_scene_audio.domain.audio import ObservedAudio
from caster_scene_audio.domain.comparison import Difference, differences, is_as_wanted
from caster_scene_audio.domain.spec import (
    AppliedAudio,
    AudioFilter,
    Drift,
    Layer,
    Mode,
    OnAir,
    SceneAudioSpec,
)

FOLLOW_MODE, LAYERS, ORDER = "followMode", "layers", "order"
VOLUME_RATE = to_camel("volume_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of a plan; `subject` is a location, `followMode` or `order`."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenePlan:
    """`changes` differ for certain; `unknown` can't be read back, and is sent as written."""

    changes: tuple[Change, ...]
    unknown: tuple[Change, ...]
    note: str
    """When it happens, or why nothing is written; empty where it happens at once."""
    is_written: bool
    """Whether applying the spec makes the operator write the scene."""


def planned(
    spec: SceneAudioSpec,
    observed: ObservedAudio,
    *,
    on_air: bool,
    sent: AppliedAudio | None = None,
    held: str = "",
) -> ScenePlan:
    """What differs is found by the function that finds drift.

    `sent` is what the operator last sent for the object, where a cluster tells that: a filter of it
    need not be sent again, and drift is only written where the spec wants that. `held` says why
    nothing is written whatever differs.
    """
    changes = tuple(_changes(spec, observed))
    due = _is_due(spec, observed, sent, is_drift=bool(changes))
    note = held or _note(spec, on_air=on_air, is_due=due or sent is None)
    is_held = held or spec.suspend or spec.mode is Mode.OBSERVE
    return ScenePlan(
        changes=changes,
        unknown=tuple(_unknown(spec, observed)) if due and _is_new(spec, sent) else (),
        note=note,
        is_written=due and not is_held,
    )


def _is_new(spec: SceneAudioSpec, sent: AppliedAudio | None) -> bool:
    return sent is None or spec.says_otherwise_than(sent)


def _is_due(
    spec: SceneAudioSpec, observed: ObservedAudio, sent: AppliedAudio | None, *, is_drift: bool
) -> bool:
    """As `decision.write_due_to` has it, for an object that is at rest."""
    if sent is None:
        return not is_as_wanted(spec, observed)
    return spec.says_otherwise_than(sent) or (is_drift and spec.drift is Drift.CORRECT)


def _changes(spec: SceneAudioSpec, observed: ObservedAudio) -> Iterator[Change]:
    found = differences(spec, observed)
    for each in found:
        if each.field == FOLLOW_MODE:
            yield Change(subject=FOLLOW_MODE, text=f"{each.observed} → {each.wanted}")
    for each in found:
        if each.location:
            yield Change(subject=each.location, text=_words(each))
    if any(each.field == LAYERS for each in found):
        yield from _list_changes(spec, observed)


def _words(difference: Difference) -> str:
    if difference.field == VOLUME_RATE:
        return volumes(float(difference.observed), float(difference.wanted))
    return f"{difference.field} {difference.observed} → {difference.wanted}"


def _list_changes(spec: SceneAudioSpec, observed: ObservedAudio) -> Iterator[Change]:
    have = [layer.location_id for layer in observed.layers or ()]
    want = {layer.location_id: layer for layer in spec.layers or ()}
    for location, layer in want.items():
        if location not in have:
            yield Change(subject=location, text=f"added: {_told(layer)}")
    for location in have:
        if location not in want:
            yield Change(subject=location, text="removed")
    stay = [location for location in want if location in have]
    if stay != [location for location in have if location in want]:
        yield Change(subject=ORDER, text=f"{', '.join(have)} → {', '.join(want)}")


def _unknown(spec: SceneAudioSpec, observed: ObservedAudio) -> Iterator[Change]:
    for layer in spec.layers or ():
        if "filter" in layer.model_fields_set:
            told = f"filter ? → {filter_words(layer.filter)}"
            yield Change(subject=layer.location_id, text=told)
    if spec.follow_mode is not None and observed.follow_mode is None:
        yield Change(subject=FOLLOW_MODE, text=f"? → {spec.follow_mode}")
    if spec.layers is not None and observed.layers is None:
        for layer in spec.layers:
            yield Change(subject=layer.location_id, text=f"? → {_told(layer)}")


def _note(spec: SceneAudioSpec, *, on_air: bool, is_due: bool) -> str:
    if spec.suspend:
        return "suspended: nothing is written"
    if spec.mode is Mode.OBSERVE:
        return "only observed: nothing is written"
    if not is_due:
        return f"drift is {spec.drift}: nothing is written"
    if on_air and spec.on_air is OnAir.WAIT:
        return "on air: the change waits until the scene has left the air"
    return "on air: what changes is heard at once" if on_air else ""


def volumes(before: float, after: float) -> str:
    """`0.80 → 1.40 (−1.9 → +2.9 dB)`."""
    return f"{_multiple(before)} → {_multiple(after)} ({decibels(before)} → {decibels(after)} dB)"


def decibels(multiple: float) -> str:
    """With its sign, to a tenth; `−∞` for silence."""
    if multiple <= 0:
        return "−∞"
    rounded = round(20 * math.log10(multiple), 1)
    if rounded == 0:
        return "0.0"
    return f"{rounded:+.1f}".replace("-", "−")


def filter_words(wanted: AudioFilter) -> str:
    said = wanted.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return ", ".join(f"{name} {value}" for name, value in said.items()) or "off"


def _multiple(value: float) -> str:
    """Two decimals, and more where there are more."""
    short = f"{value:.2f}"
    return short if math.isclose(float(short), value, abs_tol=1e-6) else f"{value:.4g}"


def _told(layer: Layer) -> str:
    words = [f"{_multiple(layer.volume_rate)} ({decibels(layer.volume_rate)} dB)"]
    if layer.fixed_delay_milliseconds:
        words.append(f"delay {layer.fixed_delay_milliseconds} ms")
    if "valid_channel" in layer.model_fields_set:
        words.append(f"{layer.valid_channel}")
    return ", ".join(words)
