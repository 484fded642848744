"""Lists the objects and follows their changes; what ends or fails is begun anew."""

import asyncio
import contextlib
from collections.abc import Callable

from caster_scene_audio.commands.cluster.cluster import Body, Cluster, Trouble
from caster_scene_audio.commands.desk.board import Board
from caster_scene_audio.commands.desk.scene_view import view_of

AGAIN_S = (0.5, 1.0, 2.0, 5.0)
"""After as many failures in a row."""


async def follow(cluster: Cluster, board: Board, version: str, say: Callable[[str], None]) -> None:
    """From the version on, until cancelled. Trouble is told once, and once it is over."""
    failures = 0
    while True:
        try:
            version = version or await take_in(cluster, board)
            if failures:
                say("The cluster answers again.")
            failures = 0
            await _watch(cluster, board, version)
        except Trouble as trouble:
            if not failures:
                say(f"{trouble} What the page shows may be old. It is tried again.")
            await asyncio.sleep(AGAIN_S[min(failures, len(AGAIN_S) - 1)])
            failures += 1
        version = ""  # whatever ended the watch: list anew


async def take_in(cluster: Cluster, board: Board) -> str:
    """All objects there are; the version from which on changes are to be watched."""
    keys = set[str]()
    async for body in cluster.objects():
        keys.add(_put(board, body))
    board.keep(keys)
    return cluster.version


async def _watch(cluster: Cluster, board: Board, version: str) -> None:
    """Until the API server ends it, as it does every few minutes, or knows the version no more."""
    with contextlib.suppress(_Over):
        async for event in cluster.changes(version):
            body = event["object"]
            match event["type"]:
                case "ADDED" | "MODIFIED":
                    _put(board, body)
                case "DELETED":
                    board.remove(_key(body))
                case "ERROR":
                    raise _Over
                case _:
                    pass  # a bookmark


class _Over(Exception):  # noqa: N818 (named for what is the case)
    """The version is too old: list anew."""


def _put(board: Board, body: Body) -> str:
    view = view_of(body)
    board.put(view)
    return str(view["key"])


def _key(body: Body) -> str:
    return f"{body['metadata']['namespace']}/{body['metadata']['name']}"
