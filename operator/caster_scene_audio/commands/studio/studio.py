"""The studios as they are: read at the pace of the quota, with the caller's own credentials."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Self, TypeVar

from caster_scene_audio.adapters.live.client import LiveClient
from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.commands.studio.arguments import ENDPOINT
from caster_scene_audio.commands.terminal import Terminal
from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed, FailureClass

_Answer = TypeVar("_Answer")

MAX_TRIES = 8
PAUSE_S = 1.0
"""After a throttled call, where the service names no time; it doubles with each."""


class EndpointUnusable(Exception):  # noqa: N818 (named for what is the case)
    """What was given as the service's address is none."""


class Studio:
    """Reads, and has no way to write. Every method raises CallFailed."""

    @classmethod
    def of(cls, arguments: argparse.Namespace, terminal: Terminal) -> Self:
        """By the command's flags; raises EndpointUnusable."""
        environ = terminal.environ
        endpoint = arguments.live_endpoint or environ.get(ENDPOINT) or None
        try:
            return cls(environ, endpoint=endpoint, qps=arguments.read_qps, say=terminal.say)
        except ValueError as error:
            raise EndpointUnusable(f"--live-endpoint (or {ENDPOINT}): {error}") from None

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        endpoint: str | None,
        qps: float,
        say: Callable[[str], None],
    ) -> None:
        self._live = LiveClient(endpoint=endpoint)
        self._own = DefaultChainCredentials(environ)
        self._pause_s = 1 / qps
        self._say = say
        self._next = 0.0

    async def __aenter__(self) -> Self:
        await self._own.__aenter__()
        await self._live.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._live.__aexit__(kind, error, traceback)
        await self._own.__aexit__(kind, error, traceback)

    async def audio(self, scene: SceneRef) -> ObservedAudio:
        return await self._patiently(lambda key: self._live.describe_scene_audio(scene, key))

    async def scenes(self, caster_id: str, region_id: str | None) -> tuple[Scene, ...]:
        """All that the caster has."""
        return await self._patiently(
            lambda key: self._live.describe_caster(caster_id, region_id, key)
        )

    async def is_on_air(self, scene: SceneRef) -> bool:
        found = await self._patiently(lambda key: self._live.describe_scenes(scene, key))
        return any(each.on_air for each in found)

    async def _patiently(self, ask: Callable[[Credentials], Awaitable[_Answer]]) -> _Answer:
        """Wait while the service throttles, and say so."""
        for number in range(MAX_TRIES):
            await self._paced()
            try:
                return await ask(await self._own.credentials())
            except CallFailed as error:
                failure = error.failure
                if failure.failure_class is not FailureClass.THROTTLED or number == MAX_TRIES - 1:
                    raise
                pause_s = failure.retry_after_s or PAUSE_S * 2**number
            self._say(f"The account's quota is used up; waiting {pause_s:g} s.")
            await asyncio.sleep(pause_s)
        raise AssertionError("the last try returns or raises")

    async def _paced(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._next - loop.time()))
        self._next = loop.time() + self._pause_s
