"""Patches objects one after the other; one that fails doesn't stop the others."""

import argparse
import asyncio
from datetime import UTC, datetime
from typing import Any

from caster_scene_audio.commands.by_name.answering import Answers
from caster_scene_audio.commands.cluster.cluster import Cluster, Trouble
from caster_scene_audio.commands.terminal import Terminal
from caster_scene_audio.domain.objects import RECONCILE_REQUEST

DONE, TROUBLE = 0, 1


def run_suspend(arguments: argparse.Namespace, terminal: Terminal) -> int:
    return _run(arguments, terminal, {"spec": {"suspend": True}}, "suspended")


def run_resume(arguments: argparse.Namespace, terminal: Terminal) -> int:
    return _run(arguments, terminal, {"spec": {"suspend": None}}, "resumed")


def run_reconcile(arguments: argparse.Namespace, terminal: Terminal) -> int:
    token = datetime.now(UTC).isoformat()
    patch = {"metadata": {"annotations": {RECONCILE_REQUEST: token}}}
    if arguments.no_wait:
        return _run(arguments, terminal, patch, "asked for")
    answers = Answers(token=token, within_s=arguments.timeout, terminal=terminal)
    return _run(arguments, terminal, patch, "", answers)


def _run(
    arguments: argparse.Namespace,
    terminal: Terminal,
    patch: dict[str, Any],
    word: str,
    answers: Answers | None = None,
) -> int:
    try:
        return asyncio.run(_all(arguments, terminal, patch, word, answers))
    except Trouble as trouble:
        terminal.say(f"{trouble}")
        return TROUBLE


async def _all(
    arguments: argparse.Namespace,
    terminal: Terminal,
    patch: dict[str, Any],
    word: str,
    answers: Answers | None,
) -> int:
    async with Cluster(arguments, terminal.environ) as cluster:
        names = arguments.names or [
            each["metadata"]["name"] async for each in cluster.objects(arguments.selector)
        ]
        namespace = cluster.namespace or ""
        if not names:
            terminal.say(f"{namespace} has no such objects.")
            return TROUBLE
        patched = []
        for name in dict.fromkeys(names):
            try:
                await cluster.patch(namespace, name, patch)
            except Trouble as trouble:
                terminal.say(f"{trouble}")
            else:
                patched.append(name)
                if word:
                    terminal.put(f"{namespace}/{name} {word}")
        done = patched if answers is None else await answers.awaited(cluster, patched)
        return DONE if len(done) == len(set(names)) else TROUBLE
