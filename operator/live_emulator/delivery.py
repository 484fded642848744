"""How an answer reaches its caller, whole or as a fault has it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aiohttp import web

from live_emulator.answers import Answer, Format
from live_emulator.faults import FaultKind, FaultOrder
from live_emulator.markup import as_xml

CONTENT_TYPES = {
    Format.JSON: "application/json;charset=utf-8",
    Format.XML: "text/xml;charset=utf-8",
}
GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
TOO_LONG_PAGE = (
    "<html><head><title>414 Request-URI Too Large</title></head>"
    "<body>Request-URI Too Large</body></html>"
)
SLOW_PIECES = 10
# Beyond what clients take, a header would be all that they notice.
LONGEST_HEADER = 1000


def whole(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=encoded(answer), headers=headers_of(answer))


def encoded(answer: Answer) -> bytes:
    if answer.format is Format.XML:
        return as_xml(answer.document, root=answer.root).encode()
    return json.dumps(answer.document, ensure_ascii=False).encode()


def headers_of(answer: Answer) -> dict[str, str]:
    """The RequestId stands there too, but for one that a fault made unfit for a header."""
    request_id = str(answer.document.get("RequestId", ""))
    fits = request_id.isascii() and request_id.isprintable() and len(request_id) <= LONGEST_HEADER
    return {
        "Content-Type": CONTENT_TYPES[answer.format],
        **({"x-acs-request-id": request_id} if fits else {}),
        **answer.headers,
    }


def too_long() -> web.Response:
    """What a gateway says before it looks at who calls, and for what."""
    return web.Response(status=414, text=TOO_LONG_PAGE, content_type="text/html")


def replaced(order: FaultOrder, url: str) -> web.Response:
    """The answers that have nothing of the true one."""
    match order.kind:
        case FaultKind.HTML:
            return web.Response(
                status=order.status or 502,
                text=order.body or GATEWAY_PAGE,
                content_type="text/html",
            )
        case FaultKind.REDIRECT:
            location = order.location or f"{url}/emulator/redirected"
            return web.Response(status=order.status or 307, headers={"Location": location})
        case FaultKind.BODY:
            headers = {"Content-Type": order.content_type}
            return web.Response(
                status=order.status or 200, body=order.body.encode(), headers=headers
            )
        case _:
            return web.Response(status=order.status or 200)


def at_once(kind: FaultKind, answer: Answer) -> web.Response:
    """The true or ordered answer, in one piece."""
    match kind:
        case FaultKind.TRUNCATED:
            return truncated(answer)
        case FaultKind.WRONG_TYPES:
            return mistyped(answer)
        case _:
            return whole(answer)


def truncated(answer: Answer) -> web.Response:
    """Half a document, and a length that agrees with the half."""
    body = encoded(answer)
    return web.Response(
        status=answer.status, body=body[: len(body) // 2], headers=headers_of(answer)
    )


def mistyped(answer: Answer) -> web.Response:
    body = encoded(replace(answer, document=twisted(answer.document)))
    return web.Response(status=answer.status, body=body, headers=headers_of(answer))


def twisted(document: dict[str, Any]) -> dict[str, Any]:
    """Every member with another type than the one documented."""
    return {name: _other_type(member) for name, member in document.items()}


def _other_type(value: Any) -> Any:
    match value:
        case str():
            return len(value)
        case dict():
            return list(value)
        case _:
            return f"{value}?"


async def cut(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Declares the whole length, sends half, and closes the connection."""
    body = encoded(answer)
    response = await _started(request, answer, len(body))
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def slow(
    request: web.Request, answer: Answer, *, over_s: float, before_last: Callable[[], None]
) -> web.StreamResponse:
    """The whole answer, its body in pieces spread over some seconds."""
    body = encoded(answer)
    response = await _started(request, answer, len(body))
    size = -(-len(body) // SLOW_PIECES)
    for start in range(0, len(body), size):
        await asyncio.sleep(over_s / SLOW_PIECES)
        if start + size >= len(body):
            before_last()
        await response.write(body[start : start + size])
    return response


def dropped(request: web.Request) -> web.Response:
    """Resets the connection; what is returned can't be sent any more."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _started(request: web.Request, answer: Answer, length: int) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=headers_of(answer))
    response.content_length = length
    await response.prepare(request)
    return response
