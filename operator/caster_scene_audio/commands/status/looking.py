"""Lists the objects, once or again and again."""

import argparse
import asyncio
from collections.abc import Sequence

from caster_scene_audio.commands.cluster.cluster import Cluster, Trouble
from caster_scene_audio.commands.status.report import (
    CLEAR,
    as_gone,
    as_json,
    as_lines,
    as_text,
    summary,
)
from caster_scene_audio.commands.status.standing import Standing, State, standing_of
from caster_scene_audio.commands.terminal import Terminal
from caster_scene_audio.domain.body import scene_audio_from

FINE, TROUBLE, PERSON = 0, 1, 2

AGAIN_S = 2.0
SHARE = 10
"""Between two lists there is at least so many times what a list takes."""


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        found = asyncio.run(_looked(arguments, terminal))
    except Trouble as trouble:
        terminal.say(f"{trouble}")
        return TROUBLE
    return PERSON if any(each.state is State.PERSON for each in found) else FINE


async def _looked(arguments: argparse.Namespace, terminal: Terminal) -> list[Standing]:
    async with Cluster(arguments, terminal.environ) as cluster:
        if arguments.watch:
            await _watch(cluster, arguments, terminal)
        found = await _standings(cluster, arguments.selector)
    if arguments.output == "json":
        as_json(found, terminal)
    else:
        as_text(found, terminal)
    terminal.say(summary(found, cluster.namespace))
    return found


async def _watch(cluster: Cluster, arguments: argparse.Namespace, terminal: Terminal) -> None:
    """Until Ctrl-C. On a terminal all is drawn anew, elsewhere each change is a line."""
    loop, before = asyncio.get_running_loop(), dict[tuple[str, str], Standing]()
    while True:
        began = loop.time()
        found = await _standings(cluster, arguments.selector)
        took_s = loop.time() - began
        if terminal.data.isatty() and arguments.output == "text":
            terminal.put(CLEAR)
            as_text(found, terminal)
            terminal.put(summary(found, cluster.namespace))
        else:
            as_lines(_changed(before, found), arguments.output, terminal)
            as_gone(_gone(before, found), arguments.output, terminal)
        before = {(each.namespace, each.name): each for each in found}
        await asyncio.sleep(max(AGAIN_S, SHARE * took_s))


def _changed(before: dict[tuple[str, str], Standing], found: Sequence[Standing]) -> list[Standing]:
    return [each for each in found if before.get((each.namespace, each.name)) != each]


def _gone(before: dict[tuple[str, str], Standing], found: Sequence[Standing]) -> list[Standing]:
    there = {(each.namespace, each.name) for each in found}
    return [each for key, each in before.items() if key not in there]


async def _standings(cluster: Cluster, selector: str | None) -> list[Standing]:
    found = [standing_of(scene_audio_from(body)) async for body in cluster.objects(selector)]
    return sorted(found, key=lambda each: each.order)
