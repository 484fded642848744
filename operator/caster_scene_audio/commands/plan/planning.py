"""Reads files and scenes, and plans each."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from caster_scene_audio.commands.cluster.cluster import Cluster, Trouble
from caster_scene_audio.commands.manifest.nodes import plain
from caster_scene_audio.commands.manifest.source_files import read_all
from caster_scene_audio.commands.plan.report import (
    Planned,
    as_json,
    as_markdown,
    as_text,
    summary,
)
from caster_scene_audio.commands.plan.scene_plan import planned
from caster_scene_audio.commands.progress import Progress
from caster_scene_audio.commands.studio.studio import EndpointUnusable, Studio
from caster_scene_audio.commands.terminal import Terminal
from caster_scene_audio.commands.validate.inspection import inspect
from caster_scene_audio.commands.validate.report import as_text as findings_as_text
from caster_scene_audio.domain.audio import scene_of
from caster_scene_audio.domain.body import scene_audio_from, spec_from
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.objects import UnreadableSpec
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import AppliedAudio, SceneAudioSpec

NOTHING, TROUBLE, CHANGES = 0, 1, 2
HELD = "an older object holds this scene: nothing is written"
_REPORTS = {"text": as_text, "json": as_json, "markdown": as_markdown}


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        wishes = _of_files(arguments, terminal) if arguments.files else _of_cluster
        found = asyncio.run(_planned(wishes, arguments, terminal))
    except OSError as error:
        terminal.say(f"{error.filename} can't be read: {error.strerror}")
        return TROUBLE
    except Trouble as trouble:
        terminal.say(f"{trouble}")
        return TROUBLE
    except EndpointUnusable as error:
        terminal.say(f"{error}")
        return TROUBLE
    _REPORTS[arguments.output](found, terminal)
    terminal.say(summary(found))
    return _code(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One object, from a file or a cluster; `sent` and `held` are for `scene_plan.planned`."""

    name: str
    file: str = ""
    spec: SceneAudioSpec | UnreadableSpec
    sent: AppliedAudio | None = None
    held: str = ""


Wishes = Callable[[argparse.Namespace, Terminal, Progress], AsyncIterator[Wish]]


def _of_files(arguments: argparse.Namespace, terminal: Terminal) -> Wishes:
    """Raises Trouble where one of them has a mistake."""
    seen = inspect(read_all(arguments.files))
    if seen.findings:
        findings_as_text(seen, Terminal(data=terminal.words, words=terminal.words, environ={}))
        raise Trouble("Nothing was planned: correct the files first.")

    async def each_of_them(
        _arguments: argparse.Namespace, _terminal: Terminal, progress: Progress
    ) -> AsyncIterator[Wish]:
        progress.total = len(seen.found)
        for file, node in seen.found:
            body = plain(node)
            name = body["metadata"].get("name", body["metadata"].get("generateName", ""))
            yield Wish(name=name, file=file, spec=spec_from(body["spec"]))

    return each_of_them


async def _of_cluster(
    arguments: argparse.Namespace, terminal: Terminal, progress: Progress
) -> AsyncIterator[Wish]:
    async with Cluster(arguments, terminal.environ) as cluster:
        async for body in cluster.objects():
            progress.total = cluster.known
            seen = scene_audio_from(body)
            name = seen.ref.name if cluster.namespace else f"{seen.ref}"
            held = HELD if seen.status.reason == Reason.CONFLICT else ""
            yield Wish(name=name, spec=seen.spec, sent=seen.status.applied, held=held)


async def _planned(
    wishes: Wishes, arguments: argparse.Namespace, terminal: Terminal
) -> list[Planned]:
    found = list[Planned]()
    with terminal.progress("Objects planned") as progress:
        async with Studio.of(arguments, terminal) as studio:
            async for wish in wishes(arguments, terminal, progress):
                found.append(await _one(wish, studio))
                progress.advance()
    return found


async def _one(wish: Wish, studio: Studio) -> Planned:
    spec, plan, error = wish.spec, None, ""
    if isinstance(spec, UnreadableSpec):
        return Planned(name=wish.name, file=wish.file, plan=None, error=spec.message)
    try:
        audio = await studio.audio(scene_of(spec))
        on_air = await studio.is_on_air(scene_of(spec))
        plan = planned(spec, audio, on_air=on_air, sent=wish.sent, held=wish.held)
    except CallFailed as failed:
        error = f"can't be read: {failed}"
    return Planned(
        name=wish.name,
        file=wish.file,
        caster_id=spec.caster_id,
        scene_id=spec.scene_id,
        plan=plan,
        error=error,
    )


def _code(found: Sequence[Planned]) -> int:
    if any(each.plan is None for each in found):
        return TROUBLE
    return CHANGES if any(each.plan and each.plan.is_written for each in found) else NOTHING
