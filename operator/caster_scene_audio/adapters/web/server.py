"""The operator's own HTTP application: `/healthz`, `/readyz` and `/metrics`."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from caster_scene_audio.health import Check, Health

log = logging.getLogger(__name__)

Render = Callable[[str], tuple[bytes, str]]
"""Gives the metrics and their content type, in the format that an Accept header asks for."""

SHUTDOWN_S = 1.0


class ListenFailed(Exception):  # noqa: N818 (named for what happened)
    """The address can't be listened on; the message says why."""


@asynccontextmanager
async def serving(health: Health, render: Render, *, host: str, port: int) -> AsyncIterator[None]:
    """Listens while the context lasts; not at all on port 0. Raises ListenFailed."""
    if port == 0:
        yield
        return
    runner = web.AppRunner(
        _application(health, render), access_log=None, shutdown_timeout=SHUTDOWN_S
    )
    await runner.setup()
    try:
        await _listen(runner, host, port)
        log.info("Probes and metrics are served", extra={"host": host, "port": port})
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise ListenFailed(f"{host}, port {port}: {error.strerror or error}") from error


def _application(health: Health, render: Render) -> web.Application:
    async def healthz(_: web.Request) -> web.Response:
        return _told(health.alive())

    async def readyz(_: web.Request) -> web.Response:
        return _told(health.ready())

    async def metrics(request: web.Request) -> web.Response:
        body, content_type = render(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})

    application = web.Application()
    application.add_routes(
        [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
    )
    return application


def _told(checks: tuple[Check, ...]) -> web.Response:
    """A line for each check, as the API server's own probes answer."""
    lines = (
        f"[+] {each.name} ok\n" if each.trouble is None else f"[-] {each.name}: {each.trouble}\n"
        for each in checks
    )
    well = all(each.trouble is None or each.is_partial for each in checks)
    return web.Response(status=200 if well else 503, text="".join(lines))
