"""Lets somebody know of each piece of an answer that comes in, as a watch answers for minutes."""

from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import aiohttp


def overheard(
    response: aiohttp.ClientResponse, heard: Callable[[], None]
) -> aiohttp.ClientResponse:
    """The same answer; `heard` is called for each piece that its reader takes in."""
    response.content = cast("aiohttp.StreamReader", _Overheard(response.content, heard))
    return response


class _Overheard:
    """The answer's body. aiohttp has no hook for the pieces of a body that is read as it comes."""

    def __init__(self, content: aiohttp.StreamReader, heard: Callable[[], None]) -> None:
        self._content = content
        self._heard = heard

    def __getattr__(self, name: str) -> Any:
        return getattr(self._content, name)

    def iter_chunked(self, n: int) -> AsyncIterator[bytes]:
        return _Pieces(aiter(self._content.iter_chunked(n)), self._heard)


class _Pieces:
    def __init__(self, pieces: AsyncIterator[bytes], heard: Callable[[], None]) -> None:
        self._pieces = pieces
        self._heard = heard

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = await anext(self._pieces)
        self._heard()
        return piece
