"""A server on a loopback socket that answers whatever a test wants, HTTP or not."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


def http(status: int, body: bytes | str | object = b"", **headers: str) -> bytes:
    """An HTTP answer; what is neither bytes nor text becomes JSON, `x_y` the header x-y."""
    if not isinstance(body, bytes | str):
        body = json.dumps(body)
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Odd", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def says(answer: bytes, *, then_closes: bool = False) -> Behaviour:
    async def behave(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        if then_closes:
            writer.close()

    return behave


async def hangs(_: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def drops(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def resets(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def stalls_in_the_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"Reque')
    await writer.drain()
    await asyncio.Event().wait()


@dataclass
class OddServer:
    """Behaves as told, and keeps the head of each request as it came."""

    behaviour: Behaviour
    port: int = 0
    connections: int = 0
    heads: list[bytes] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                self.asked.set()
                await self.behaviour(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def close(self) -> None:
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def odd_server(
    behaviour: Behaviour, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[OddServer]:
    odd = OddServer(behaviour)
    server = await asyncio.start_server(odd.accept, "127.0.0.1", 0, ssl=tls)
    odd.port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield odd
        finally:
            await odd.close()
