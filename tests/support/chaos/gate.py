"""The operator's way to the API server, over which a fault can do what it likes with requests."""

import asyncio
import base64
import contextlib
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

MOST_BYTES = 4 << 20
MOST_AGAIN = 6
"""So many events of a watch come again, where it is rewound."""
OF_ONE_CONNECTION = frozenset(
    {"connection", "host", "keep-alive", "transfer-encoding", "content-length"}
)

Rule = Callable[[web.Request], Awaitable[web.StreamResponse | None]]
"""What is answered in the API server's place; None: this request passes."""


@dataclass
class Gate:
    """Plain HTTP on this side, TLS on the other; to be made in the loop that serves it."""

    server: str
    session: aiohttp.ClientSession
    port: int = 0
    rules: tuple[Rule, ...] = ()
    """Asked in order. The whole is replaced, so that any thread may do so."""
    rewinds: Callable[[], bool] = lambda: False
    """Asked for each event of a watch: whether those before it come again, the newest last."""
    _watches: set[asyncio.Transport] = field(default_factory=set)
    _voice: asyncio.Event = field(default_factory=asyncio.Event)
    """Of the watches that begin now; each keeps the one that it began with."""
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def __post_init__(self) -> None:
        self._voice.set()

    def silence_watches(self) -> None:
        """Those that are open now tell nothing any more, without a sign; from any thread."""
        self._loop.call_soon_threadsafe(self._silence)

    def _silence(self) -> None:
        self._voice.clear()
        self._voice = asyncio.Event()
        self._voice.set()

    def cut_watches(self) -> None:
        """Those that are open now; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for transport in self._watches:
            transport.abort()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        for rule in self.rules:
            if (response := await rule(request)) is not None:
                return response
        try:
            return await self._passed_on(request)
        except (aiohttp.ClientError, OSError):
            return dropped(request)

    async def taken(self, request: web.Request) -> None:
        """The API server gets it, and its answer goes no further."""
        with contextlib.suppress(aiohttp.ClientError, OSError):
            async with await self._sent(request) as answer:
                await answer.read()

    async def _sent(self, request: web.Request) -> aiohttp.ClientResponse:
        return await self.session.request(
            request.method,
            f"{self.server}{request.raw_path}",
            headers=_kept(request.headers.items()),
            data=await request.read() or None,
        )

    async def _passed_on(self, request: web.Request) -> web.StreamResponse:
        async with await self._sent(request) as answer:
            response = web.StreamResponse(
                status=answer.status, headers=_kept(answer.headers.items())
            )
            await response.prepare(request)
            if is_watch(request):
                await self._told(request, answer, response)
            else:
                async for piece in answer.content.iter_any():
                    await response.write(piece)
            return response

    async def _told(
        self, request: web.Request, answer: aiohttp.ClientResponse, response: web.StreamResponse
    ) -> None:
        transport, voice = request.transport, self._voice
        if transport is not None:
            self._watches.add(transport)
        before: deque[bytes] = deque(maxlen=MOST_AGAIN)
        try:
            async for event in answer.content:
                await voice.wait()
                before.append(event)
                await response.write(b"".join(before) if self.rewinds() else event)
        finally:
            self._watches -= {transport}


def is_watch(request: web.Request) -> bool:
    return "watch" in request.query


def is_write(request: web.Request) -> bool:
    return request.method != "GET"


def dropped(request: web.Request) -> web.Response:
    """The connection is reset; what is returned can't be sent any more."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _kept(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in headers if pair[0].lower() not in OF_ONE_CONNECTION]


@asynccontextmanager
async def gate_to(cluster: Mapping[str, str]) -> AsyncIterator[Gate]:
    """A gate to the cluster of a kubeconfig; who passes it is for the server to say."""
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    tls = ssl.create_default_context(cadata=authority)
    app = web.Application(client_max_size=MOST_BYTES)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=tls, limit=0),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        read_bufsize=MOST_BYTES,
        trust_env=False,
    ) as session:
        gate = Gate(cluster["server"], session)
        app.router.add_route("*", "/{path:.*}", gate.serve)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            gate.port = runner.addresses[0][1]
            yield gate
        finally:
            await runner.cleanup()
