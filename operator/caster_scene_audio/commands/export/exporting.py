"""Reads a caster's scenes, and puts each out as an object."""

import argparse
import asyncio
import json
from collections.abc import Sequence

from caster_scene_audio.commands.export.manifest import Body, NotToBeSaid, names_of, object_of
from caster_scene_audio.commands.manifest.writing import as_yaml
from caster_scene_audio.commands.studio.studio import EndpointUnusable, Studio
from caster_scene_audio.commands.terminal import Terminal
from caster_scene_audio.domain.audio import Scene, SceneRef
from caster_scene_audio.domain.failure import CallFailed

DONE, TROUBLE = 0, 1
FILTERS = (
    "The filters of a layer can't be read back, so none is named here. They stay as they are until",
    "the layers are written for the first time: that turns off what no `filter` names.",
)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        return asyncio.run(_exported(arguments, terminal))
    except EndpointUnusable as error:
        terminal.say(f"{error}")
    except CallFailed as failed:
        terminal.say(f"The caster {arguments.caster} can't be read: {failed}")
    return TROUBLE


async def _exported(arguments: argparse.Namespace, terminal: Terminal) -> int:
    bodies = list[Body]()
    with terminal.progress("Scenes read") as progress:
        async with Studio.of(arguments, terminal) as studio:
            scenes = await studio.scenes(arguments.caster, arguments.region)
            wanted, names = _wanted(scenes, arguments, terminal), names_of(scenes)
            progress.total = len(wanted)
            for scene in wanted:
                body = await _object(scene, names[scene.scene_id], studio, arguments, terminal)
                bodies += [body] if body else []
                progress.advance()
    _put(bodies, arguments.output, terminal)
    terminal.say(f"Scenes: {len(scenes)}, as objects: {len(bodies)}.")
    asked_for = len(arguments.scene or scenes)
    return DONE if len(bodies) == asked_for and bodies else TROUBLE


async def _object(
    scene: Scene, name: str, studio: Studio, arguments: argparse.Namespace, terminal: Terminal
) -> Body | None:
    ref = SceneRef(caster_id=arguments.caster, scene_id=scene.scene_id, region_id=arguments.region)
    try:
        audio = await studio.audio(ref)
        return object_of(ref, audio, name=name, namespace=arguments.namespace)
    except (CallFailed, NotToBeSaid) as trouble:
        terminal.say(f"The scene {scene.scene_id} is left out: {trouble}")
        return None


def _wanted(
    scenes: Sequence[Scene], arguments: argparse.Namespace, terminal: Terminal
) -> list[Scene]:
    if arguments.scene is None:
        return [*scenes]
    there = {each.scene_id for each in scenes}
    for missing in (each for each in arguments.scene if each not in there):
        terminal.say(f"The caster {arguments.caster} has no scene {missing}.")
    return [each for each in scenes if each.scene_id in arguments.scene]


def _put(bodies: Sequence[Body], output: str, terminal: Terminal) -> None:
    if output == "json":
        found = {"apiVersion": "v1", "kind": "List", "items": bodies}
        terminal.put(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for number, body in enumerate(bodies):
        comments = FILTERS if number == 0 and "layers" in body["spec"] else ()
        terminal.put(("---\n" if number else "") + as_yaml(body, comments).rstrip())
