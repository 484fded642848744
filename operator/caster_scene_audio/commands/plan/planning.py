"""Reads files and scenes, and plans each."""

import argparse
import asyncio
from collections.abc import Sequence

from caster_scene_audio.commands.manifest.nodes import Mapping, plain
from caster_scene_audio.commands.manifest.source_files import read_all
from caster_scene_audio.commands.plan.command import ENDPOINT
from caster_scene_audio.commands.plan.report import (
    Planned,
    as_json,
    as_markdown,
    as_text,
    summary,
)
from caster_scene_audio.commands.plan.scene_plan import planned
from caster_scene_audio.commands.plan.studio import Studio
from caster_scene_audio.commands.terminal import Terminal
from caster_scene_audio.commands.validate.inspection import Inspection, inspect
from caster_scene_audio.commands.validate.report import as_text as findings_as_text
from caster_scene_audio.domain.audio import scene_of
from caster_scene_audio.domain.body import spec_from
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.objects import UnreadableSpec
from caster_scene_audio.domain.spec import SceneAudioSpec

NOTHING, TROUBLE, CHANGES = 0, 1, 2
_REPORTS = {"text": as_text, "json": as_json, "markdown": as_markdown}


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        seen = inspect(read_all(arguments.files))
    except OSError as error:
        terminal.say(f"{error.filename} can't be read: {error.strerror}")
        return TROUBLE
    if seen.findings:
        findings_as_text(seen, Terminal(data=terminal.words, words=terminal.words, environ={}))
        terminal.say("Nothing was planned: correct the files first.")
        return TROUBLE
    try:
        found = asyncio.run(_planned(seen, arguments, terminal))
    except ValueError as error:
        terminal.say(f"--live-endpoint (or {ENDPOINT}): {error}")
        return TROUBLE
    _REPORTS[arguments.output](found, terminal)
    terminal.say(summary(found))
    return _code(found)


async def _planned(
    seen: Inspection, arguments: argparse.Namespace, terminal: Terminal
) -> list[Planned]:
    endpoint = arguments.live_endpoint or terminal.environ.get(ENDPOINT) or None
    studio = Studio(terminal.environ, endpoint=endpoint, qps=arguments.read_qps, say=terminal.say)
    async with studio:
        return [await _one(node, file, studio) for file, node in seen.found]


async def _one(node: Mapping, file: str, studio: Studio) -> Planned:
    body = plain(node)
    spec = spec_from(body["spec"])
    name = body["metadata"].get("name", body["metadata"].get("generateName", ""))
    if isinstance(spec, UnreadableSpec):
        return Planned(
            name=name, file=file, caster_id="", scene_id="", plan=None, error=spec.message
        )
    return await _read(spec, name, file, studio)


async def _read(spec: SceneAudioSpec, name: str, file: str, studio: Studio) -> Planned:
    plan, error = None, ""
    try:
        audio = await studio.audio(scene_of(spec))
        plan = planned(spec, audio, on_air=await studio.is_on_air(scene_of(spec)))
    except CallFailed as failed:
        error = f"can't be read: {failed}"
    return Planned(
        name=name,
        file=file,
        caster_id=spec.caster_id,
        scene_id=spec.scene_id,
        plan=plan,
        error=error,
    )


def _code(found: Sequence[Planned]) -> int:
    if any(each.plan is None for each in found):
        return TROUBLE
    return CHANGES if any(each.plan and each.plan.is_written for each in found) else NOTHING
