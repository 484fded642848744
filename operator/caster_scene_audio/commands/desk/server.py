"""The page's server: on this machine, for whoever has the token, and for no page of another site."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from aiohttp import web

from caster_scene_audio.commands.cluster.cluster import Cluster, Trouble
from caster_scene_audio.commands.desk.board import Board
from caster_scene_audio.commands.desk.proposal import IsOnAir, Unwanted, apply, move_from, proposal
from desk_page import FILES, HEADERS, STREAM_HEADERS, answer_with, event

HEARTBEAT_S = 10.0
LARGEST_BODY = 16 * 1024


class DeskServer:
    """Each request must name the token in its path, and this server as its host."""

    def __init__(
        self, board: Board, cluster: Cluster, *, allow_edit: bool, is_on_air: IsOnAir
    ) -> None:
        self._board = board
        self._cluster = cluster
        self._allow_edit = allow_edit
        self._is_on_air = is_on_air
        self._watchers: set[asyncio.Task[Any]] = set()
        self.token = secrets.token_urlsafe(24)
        self.authority = ""
        """Host and port, once it listens."""

    @property
    def url(self) -> str:
        return f"http://{self.authority}/{self.token}/"

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._guarded], client_max_size=LARGEST_BODY)
        application.router.add_get("/{token}/", _served("index.html"))
        for name in FILES:
            if name != "index.html":
                application.router.add_get(f"/{{token}}/{name}", _served(name))
        application.router.add_get("/{token}/events", self._events)
        application.router.add_post("/{token}/proposals", self._propose)
        application.router.add_post("/{token}/changes", self._change)
        application.on_shutdown.append(self._let_go)
        return application

    @web.middleware
    async def _guarded(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """A page of another site that guesses the port gets nothing, whatever name it calls us by."""
        if objection := self._objection(request):
            return _words(HTTPStatus.FORBIDDEN, objection)
        try:
            return await handler(request)
        except web.HTTPException as error:
            return _words(HTTPStatus(error.status), f"{error.status}: {error.reason}")

    def _objection(self, request: web.Request) -> str | None:
        own = f"http://{self.authority}"
        if request.headers.getall("Host", []) != [self.authority]:
            return f"This server answers to {self.authority} only."
        token = request.path.split("/")[1]
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            return (
                "The token in the address is not this server's. Copy the address from the terminal."
            )
        origin = request.headers.get("Origin")
        if origin is not None and origin != own:
            return "Requests of other pages are refused."
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return "Requests of other pages are refused."
        if request.method != "GET" and origin != own:
            return "A change must come from the desk's own page."
        return None

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, until whoever watches goes, or the program ends."""
        response = web.StreamResponse(headers=STREAM_HEADERS)
        await response.prepare(request)
        telling = asyncio.create_task(self._tell(response))
        self._watchers.add(telling)
        try:
            await asyncio.wait({telling})
        finally:
            telling.cancel()
            self._watchers.discard(telling)
        return response

    async def _tell(self, response: web.StreamResponse) -> None:
        about = {
            "title": "Studio desk",
            "emulator": False,
            "calls": False,
            "proposes": True,
            "mayEdit": self._allow_edit,
        }
        watcher = self._board.watcher()
        try:
            with suppress(ConnectionError):
                await response.write(event("about", about))
                while True:
                    try:
                        async with asyncio.timeout(HEARTBEAT_S):
                            news = await watcher.news()
                    except TimeoutError:
                        await response.write(b": still here\n\n")
                    else:
                        await response.write(event("scenes", news))
        finally:
            self._board.leave(watcher)

    async def _propose(self, request: web.Request) -> web.Response:
        async def proposed(said: Any) -> dict[str, Any]:
            found = await proposal(self._cluster, move_from(said), self._is_on_air)
            return {**found, "mayEdit": self._allow_edit}

        return await _answered(request, proposed)

    async def _change(self, request: web.Request) -> web.Response:
        if not self._allow_edit:
            return _words(
                HTTPStatus.FORBIDDEN, "Nothing is written: the desk runs without --allow-edit."
            )

        async def changed(said: Any) -> dict[str, Any]:
            await apply(self._cluster, move_from(said))
            return {}

        return await _answered(request, changed)

    async def _let_go(self, _: web.Application) -> None:
        for watcher in self._watchers:
            watcher.cancel()


async def _answered(
    request: web.Request, act: Callable[[Any], Awaitable[dict[str, Any]]]
) -> web.Response:
    if request.content_type != "application/json":
        return _words(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Expected JSON.")
    try:
        said = json.loads(await request.read())
    except ValueError:
        return _words(HTTPStatus.BAD_REQUEST, "Expected JSON.")
    try:
        return web.json_response(await act(said), headers=HEADERS)
    except Unwanted as unwanted:
        return _words(HTTPStatus.CONFLICT, f"{unwanted}")
    except Trouble as trouble:
        return _words(HTTPStatus.BAD_GATEWAY, f"{trouble}")


def _served(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(_: web.Request) -> web.StreamResponse:
        return web.Response(**answer_with(name))

    return serve


def _words(status: HTTPStatus, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/plain", headers=HEADERS)
