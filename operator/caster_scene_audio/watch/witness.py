"""Sees each request of an informer, and ends it where what it would go on with can't be trusted."""

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import dataclass
from math import inf
from typing import Any, NoReturn, Protocol, Self, TypeVar

import aiohttp

from caster_scene_audio.domain.objects import PLURAL
from caster_scene_audio.watch.overhearing import overheard, slimmed
from caster_scene_audio.watch.session import Handler

T = TypeVar("T")

ONE = "1"
"""The limit of a list that only asks whether lists are answered."""

SILENCE_S = 40.0

CHECK_S = 10.0
"""How long the list that only asks may take: with the watch before it that is less than a minute."""

EARLY_S = 1.0
"""A watch that ends in its time ends no more than this much sooner."""

LIST_ANEW_S = 1800.0
"""A watch is believed for so long: what it may have lost comes with a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a watch lasts before it is asked for again, and how long it may say nothing."""

    watch_s: int
    silence_s: float

    @classmethod
    def within(cls, silence_s: float) -> Self:
        """Such that twice the patience is less than `silence_s`, of which at most 40 s are used.

        A watch ends in order before its silence is one. So a connection that is dead is known by
        its silence alone, however seldom the API server sends bookmarks.
        """
        patience_s = min(SILENCE_S, silence_s / 2)
        return cls(watch_s=max(1, int(patience_s * 0.9)), silence_s=patience_s)


class Listener(Protocol):
    """Who is told what an informer meets; called in the informer's loop."""

    def heard(self) -> None:
        """A sign of life: something came, if only a refusal."""
        ...

    def watching(self, *, is_listed: bool) -> None:
        """The API server took a watch; `is_listed`: after a list of all that is there."""
        ...

    def seen(self, event_type: str | None, body: dict[str, Any]) -> None:
        """An event's type (None: listed) and the object's body."""
        ...


@dataclass(frozen=True, slots=True)
class Ending:
    """Why an informer ended; no trouble: it has done its time."""

    trouble: str | None
    is_silence: bool = False
    status: int | None = None
    """Of the answer that refused."""
    cause: BaseException | None = None
    """What was raised, where that is unheard of."""


SILENT = Ending("no answer in time", is_silence=True)


class Witness:
    """Of one informer from its start to its end; to be made in the loop that it works in.

    A watch goes on from where the last one ended only if that one ended in order, and in its time.
    After whatever else the objects are listed anew: the server that answers next may be another
    one, restored from a backup, to which the old position means nothing, and says nothing.

    What can't go on is kept waiting until it is cancelled, so that nobody tries again by itself.
    """

    def __init__(self, patience: Patience, listener: Listener) -> None:
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self.asked = asyncio.Event()
        """Set once objects were asked for."""
        self._patience = patience
        self._listener = listener
        self._clock = asyncio.get_running_loop().time
        self._list_anew_at = self._clock() + LIST_ANEW_S
        self._is_listed = False
        self._has_watched = False

    def end(self, ending: Ending) -> None:
        """The first one counts."""
        if not self.ended.done():
            self.ended.set_result(ending)

    def tell(self, event_type: str | None, body: dict[str, Any]) -> None:
        """Nothing after the end: what is left over would undo what the next one lists."""
        if not self.ended.done():
            self._listener.seen(event_type, body)

    async def see(self, request: aiohttp.ClientRequest, handler: Handler) -> aiohttp.ClientResponse:
        """A middleware of the session that the informer uses."""
        query = request.url.query
        if query.get("limit") == ONE:  # its own
            return await handler(request)
        if not request.url.path.endswith(f"/{PLURAL}"):
            return await self._minded(handler(request))
        self.asked.set()
        if "watch" in query:
            return await self._watch(request, handler)
        self._is_listed = True
        return slimmed(overheard(await self._minded(handler(request)), self._heard))

    async def _watch(
        self, request: aiohttp.ClientRequest, handler: Handler
    ) -> aiohttp.ClientResponse:
        if self._has_watched and not self._is_listed:
            await self._check(request)
        self._has_watched = True
        in_time_at = self._clock() + self._patience.watch_s - EARLY_S
        response = await self._minded(handler(request))
        self._listener.watching(is_listed=self._is_listed)
        self._is_listed = False
        return overheard(response, lambda piece: self._heard(piece, in_time_at=in_time_at))

    async def _check(self, request: aiohttp.ClientRequest) -> None:
        """Whether this server has come as far as the watch, and still reads what is stored."""
        if self._clock() >= self._list_anew_at:
            await self._give_up(Ending(None))
        version = _version(await self._in_time(self._asked(request), within_s=CHECK_S))
        if version < int(request.url.query["resourceVersion"]):
            await self._give_up(Ending("the API server is behind what it told before"))

    async def _asked(self, request: aiohttp.ClientRequest) -> bytes:
        """The answer to a list of one object."""
        response = await self._minded(request.session.get(request.url.with_query(limit=ONE)))
        return await self._heard(response.read())

    async def _minded(self, answer: Awaitable[aiohttp.ClientResponse]) -> aiohttp.ClientResponse:
        response = await self._in_time(answer)
        self._listener.heard()
        if not response.ok:
            words = f"HTTP {response.status} {response.reason}"
            await self._give_up(Ending(words, status=response.status))
        return response

    async def _heard(self, piece: Awaitable[bytes], *, in_time_at: float = -inf) -> bytes:
        try:
            found = await self._in_time(piece)
        except StopAsyncIteration:
            if self._clock() < in_time_at:
                await self._give_up(Ending("the watch ended before its time"))
            raise
        self._listener.heard()
        return found

    async def _in_time(self, answer: Awaitable[T], *, within_s: float = inf) -> T:
        try:
            async with asyncio.timeout(min(within_s, self._patience.silence_s)):
                return await answer
        except TimeoutError:
            await self._give_up(SILENT)
        except (aiohttp.ClientError, OSError) as error:
            self._listener.heard()
            await self._give_up(Ending(type(error).__name__))

    async def _give_up(self, ending: Ending) -> NoReturn:
        self.end(ending)
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")


def _version(answer: bytes) -> int:
    """Of the list. The API server's versions are numbers that grow (KEP-5504)."""
    return int(json.loads(answer)["metadata"]["resourceVersion"])
