"""The HTTP session that kopf watches with: authorized anew for each request, and observed."""

from collections.abc import Awaitable, Callable

import aiohttp

from caster_scene_audio.adapters.cluster.connection import Connection
from caster_scene_audio.domain.objects import PLURAL

MAX_CONNECTIONS = 20

Handler = Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]]
Middleware = Callable[[aiohttp.ClientRequest, Handler], Awaitable[aiohttp.ClientResponse]]


def open_session(connection: Connection, *observers: Middleware) -> aiohttp.ClientSession:
    """A session that is on the same way as the official client; kopf's own goes another."""
    return connection.session(*observers, limit=MAX_CONNECTIONS)


def selecting(selector: str | None) -> Middleware:
    """Asks for no other objects than those with labels that fit; kopf itself can't."""

    async def select(request: aiohttp.ClientRequest, handler: Handler) -> aiohttp.ClientResponse:
        if selector is not None and request.url.path.endswith(f"/{PLURAL}"):
            request.url = request.url.update_query(labelSelector=selector)
        return await handler(request)

    return select
