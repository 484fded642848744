"""How the control API reads a body and says that one doesn't fit."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import ValidationError
from yarl import URL

from live_emulator.answers import Refused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def own_pages_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A browser that shows another's page may not turn the emulator's dials from there."""
    origin = request.headers.get("Origin")
    if origin is not None and URL(origin).authority != request.host:
        return web.json_response({"error": "asked from another site's page"}, status=403)
    return await handler(request)


@web.middleware
async def explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A body or query that doesn't fit is a 400 that says where, without repeating it."""
    if not request.path.startswith("/emulator"):
        return await handler(request)
    try:
        return await handler(request)
    except ValidationError as error:
        where = error.errors(include_url=False, include_input=False, include_context=False)
        return web.json_response({"error": "the body does not fit", "where": where}, status=400)
    except Refused as refused:
        return web.json_response({"error": refused.message, "code": refused.code}, status=400)
    except ValueError as error:
        return web.json_response({"error": str(error)}, status=400)


async def json_object(request: web.Request) -> dict[str, Any]:
    body = await request.json()
    if not isinstance(body, dict):
        raise ValueError("the body is not a JSON object")  # noqa: TRY004 (what it holds, not a type of ours)
    return body


def gone(*, found: bool) -> web.Response:
    return web.Response(status=204 if found else 404)
