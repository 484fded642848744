"""A scene as the object that would declare it."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from caster_scene_audio.commands.manifest.writing import manifest_of
from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef, audio_as_spec
from caster_scene_audio.domain.body import spec_from
from caster_scene_audio.domain.objects import UnreadableSpec
from caster_scene_audio.domain.spec import Channel

LONGEST_NAME = 63
FALLBACK = "scene"
USUAL = {"validChannel": Channel.ALL.value, "fixedDelayMilliseconds": 0}
"""What need not be said of a layer."""

Body = dict[str, Any]


class NotToBeSaid(Exception):  # noqa: N818 (named for what is the case)
    """An object can't say what the scene has; the words say why."""


def object_of(ref: SceneRef, audio: ObservedAudio, *, name: str, namespace: str | None) -> Body:
    """Raises NotToBeSaid."""
    said = audio_as_spec(audio)
    if not said:
        raise NotToBeSaid("the service tells nothing of its audio")
    if "layers" in said:
        said["layers"] = [_layer(each) for each in said["layers"]]
    region = {} if ref.region_id is None else {"regionId": ref.region_id}
    spec = {**region, "casterId": ref.caster_id, "sceneId": ref.scene_id, **said}
    read = spec_from(spec)
    if isinstance(read, UnreadableSpec):
        raise NotToBeSaid(read.message)
    return manifest_of(name, namespace, spec)


def names_of(scenes: Iterable[Scene]) -> dict[str, str]:
    """For each scene's ID a name of its own, made from the scene's, else from the ID."""
    names: dict[str, str] = {}
    for scene in scenes:
        name = _as_name(scene.name) or _as_name(scene.scene_id) or FALLBACK
        names[scene.scene_id] = _free(name, {*names.values()})
    return names


def _layer(said: Body) -> Body:
    return {name: value for name, value in said.items() if USUAL.get(name) != value}


def _as_name(text: str) -> str:
    """Of small letters, digits and dashes; empty where the text has none of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-")


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        ending = f"-{number}"
        free = name[: LONGEST_NAME - len(ending)] + ending
    return free
