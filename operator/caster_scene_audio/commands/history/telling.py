"""Tells the past of an object, and gives it back as an object to apply."""

import argparse
import asyncio
import json
import shutil
import textwrap
from collections.abc import Sequence
from dataclasses import asdict

from caster_scene_audio.commands.cluster.cluster import Cluster, Trouble
from caster_scene_audio.commands.history.entries import Body, Entry, of_events, of_record
from caster_scene_audio.commands.manifest.writing import as_yaml
from caster_scene_audio.commands.terminal import BOLD, Terminal
from caster_scene_audio.domain.spec import AppliedAudio

DONE, TROUBLE = 0, 1
WIDEST = 120
FILTERS = "The filters that it had can't be known: none is named, so applying this turns them off."


def run_history(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        found = asyncio.run(_entries(arguments, terminal))
    except Trouble as trouble:
        terminal.say(f"{trouble}")
        return TROUBLE
    if arguments.output == "json":
        told = {"entries": [_members(each) for each in found]}
        terminal.put(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _as_text(found, terminal)
    if not found:
        terminal.say("Nothing is known: Events are kept for an hour. --change-log keeps all.")
    return DONE


def run_restore(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        body, comments = asyncio.run(_restored(arguments, terminal))
    except Trouble as trouble:
        terminal.say(f"{trouble}")
        return TROUBLE
    terminal.put(as_yaml(body, comments).rstrip())
    return DONE


async def _entries(arguments: argparse.Namespace, terminal: Terminal) -> list[Entry]:
    async with Cluster(arguments, terminal.environ) as cluster:
        if arguments.change_log is not None:
            return of_record(arguments.change_log, f"{cluster.namespace}/{arguments.name}")
        await cluster.object(arguments.name)
        return of_events(await cluster.events(arguments.name))


async def _restored(arguments: argparse.Namespace, terminal: Terminal) -> tuple[Body, list[str]]:
    if (arguments.change_log is None) != (arguments.entry is None):
        raise Trouble("--entry and --change-log belong together: the record's entries are counted.")
    async with Cluster(arguments, terminal.environ) as cluster:
        body = await cluster.object(arguments.name)
    name = f"{body['metadata']['namespace']}/{arguments.name}"
    if arguments.entry is None:
        return _object(body, _replaced(body, name)), [f"What the scene had before. {FILTERS}"]
    entry = _chosen(of_record(arguments.change_log, name), arguments.entry, name)
    return _object(body, entry.after or {}), [f"As set at {entry.time}."]


def _replaced(body: Body, name: str) -> Body:
    replaced = body.get("status", {}).get("replaced")
    if not replaced:
        raise Trouble(f"What the scene of {name} had before isn't known (no status.replaced).")
    found: Body = replaced
    return found


def _chosen(entries: Sequence[Entry], number: int, name: str) -> Entry:
    found = next((each for each in entries if each.number == number), None)
    if found is None:
        raise Trouble(f"The record has {len(entries)} entries of {name}, and none with {number}.")
    if found.after is None:
        raise Trouble(f"Entry {number} failed ({found.what}): the scene never sounded so.")
    return found


def _object(body: Body, audio: Body) -> Body:
    """The same object, whose audio is another."""
    said = {AppliedAudio.model_fields[name].alias for name in AppliedAudio.model_fields}
    kept = {name: value for name, value in body["spec"].items() if name not in said}
    metadata = {name: body["metadata"][name] for name in ("name", "namespace")}
    return {
        "apiVersion": body["apiVersion"],
        "kind": body["kind"],
        "metadata": metadata,
        "spec": {**kept, **audio},
    }


def _as_text(found: Sequence[Entry], terminal: Terminal) -> None:
    width = min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
    for each in found:
        number = f"{each.number}  " if each.number is not None else ""
        times = f"  ×{each.times}" if each.times > 1 else ""
        who = f"  by {each.who}" if each.who else ""
        line = f"{number}{each.time}  {each.reason}{times}{who}"
        terminal.put(terminal.coloured(line, BOLD))
        request = f" (RequestId {each.request_id})" if each.request_id else ""
        terminal.put(
            textwrap.fill(
                f"{each.what}{request}", width, initial_indent="    ", subsequent_indent="    "
            )
        )


def _members(entry: Entry) -> dict[str, object]:
    names = {"request_id": "requestId"}
    return {
        names.get(name, name): value for name, value in asdict(entry).items() if value is not None
    }
