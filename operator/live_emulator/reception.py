"""Requests as they were on the wire."""

from aiohttp import web

from live_emulator.signature import WireRequest


async def received(request: web.Request) -> WireRequest:
    """The request with the query as it was on the wire, and nothing decoded."""
    path, _, raw_query = request.raw_path.partition("?")
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]},{value}" if key in headers else value
    return WireRequest(
        method=request.method,
        path=path,
        raw_query=raw_query,
        headers=headers,
        body=await request.read(),
    )


def line_bytes(wire: WireRequest) -> int:
    """The length of the request line."""
    query = f"?{wire.raw_query}" if wire.raw_query else ""
    return len(f"{wire.method} {wire.path}{query} HTTP/1.1".encode())
