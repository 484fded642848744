"""Puts the desk together, and serves it until it is ended."""

import argparse
import asyncio
import signal
from contextlib import AsyncExitStack, suppress

from aiohttp import web

from caster_scene_audio.commands.cluster.cluster import Body, Cluster, Trouble
from caster_scene_audio.commands.desk.board import Board
from caster_scene_audio.commands.desk.following import follow, take_in
from caster_scene_audio.commands.desk.proposal import IsOnAir
from caster_scene_audio.commands.desk.server import DeskServer
from caster_scene_audio.commands.studio.studio import EndpointUnusable, Studio
from caster_scene_audio.commands.terminal import Terminal
from caster_scene_audio.domain.audio import scene_of
from caster_scene_audio.domain.body import spec_from
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.spec import SceneAudioSpec

DONE, TROUBLE = 0, 1
HOST = "127.0.0.1"
STOP_S = 0.5
ON_AIR_WITHIN_S = 3.0


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        asyncio.run(_served(arguments, terminal))
    except (Trouble, EndpointUnusable) as trouble:
        terminal.say(f"{trouble}")
        return TROUBLE
    except OSError as error:
        terminal.say(f"{HOST}:{arguments.port} can't be listened on: {error.strerror}")
        return TROUBLE
    return DONE


async def _served(arguments: argparse.Namespace, terminal: Terminal) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    board = Board()
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(Cluster(arguments, terminal.environ))
        studio = await stack.enter_async_context(Studio.of(arguments, terminal))
        version = await take_in(cluster, board)
        server = DeskServer(
            board,
            cluster,
            allow_edit=arguments.allow_edit,
            is_on_air=_asking(studio),
        )
        runner = web.AppRunner(
            server.application(), access_log=None, shutdown_timeout=STOP_S, handle_signals=False
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, HOST, arguments.port)
        await site.start()
        server.authority = f"{HOST}:{runner.addresses[0][1]}"
        terminal.put(server.url)
        terminal.data.flush()
        terminal.say(_about(len(board), may_edit=arguments.allow_edit))
        following = asyncio.create_task(follow(cluster, board, version, terminal.say))
        waiting = asyncio.create_task(ended.wait())
        try:
            await asyncio.wait({following, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if following.done():
                following.result()
        finally:
            following.cancel()
            waiting.cancel()
            with suppress(asyncio.CancelledError):
                await following


def _about(objects: int, *, may_edit: bool) -> str:
    edit = "Faders change objects" if may_edit else "Nothing is written"
    return (
        f"Objects: {objects}. {edit}. Whoever has the address can use it: keep it to yourself."
        " Ctrl-C ends the desk."
    )


def _asking(studio: Studio) -> IsOnAir:
    async def is_on_air(said: Body) -> bool | None:
        """None where the service can't be asked, or doesn't answer soon."""
        spec = spec_from(said)
        if not isinstance(spec, SceneAudioSpec):
            return None
        try:
            async with asyncio.timeout(ON_AIR_WITHIN_S):
                return await studio.is_on_air(scene_of(spec))
        except (CallFailed, TimeoutError):
            return None

    return is_on_air
