"""Puts somebody between an answer's body and its reader, as a watch answers for minutes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import aiohttp

from caster_scene_audio.domain.body import slim

Hear = Callable[[Awaitable[bytes]], Awaitable[bytes]]
"""Takes what brings the next piece, and gives the piece; at the end StopAsyncIteration passes."""


def overheard(response: aiohttp.ClientResponse, hear: Hear) -> aiohttp.ClientResponse:
    """The same answer; whatever its reader takes in goes through `hear`."""
    response.content = cast("aiohttp.StreamReader", _Overheard(response.content, hear))
    return response


def slimmed(response: aiohttp.ClientResponse) -> aiohttp.ClientResponse:
    """The same list of objects, without what nobody reads of each: kopf keeps them for a while."""
    whole = response.json

    async def json(**_: object) -> Any:
        page = await whole()
        return page | {"items": [slim(each) for each in page.get("items") or ()]}

    vars(response)["json"] = json
    return response


class _Overheard:
    """The answer's body. aiohttp has no hook for the pieces of a body that is read as it comes."""

    def __init__(self, content: aiohttp.StreamReader, hear: Hear) -> None:
        self._content = content
        self._hear = hear

    def __getattr__(self, name: str) -> Any:
        return getattr(self._content, name)

    async def read(self, n: int = -1) -> bytes:
        return await self._hear(self._content.read(n))

    def iter_chunked(self, n: int) -> AsyncIterator[bytes]:
        return _Pieces(aiter(self._content.iter_chunked(n)), self._hear)


class _Pieces:
    def __init__(self, pieces: AsyncIterator[bytes], hear: Hear) -> None:
        self._pieces = pieces
        self._hear = hear

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        return await self._hear(anext(self._pieces))
