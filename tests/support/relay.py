"""A way to a server on loopback that can be cut: what is sent waits, and nothing is refused."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread


@dataclass
class Relay:
    target_port: int
    port: int = 0
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop | None = None

    def cut(self) -> None:
        """From now on no byte passes, in neither direction."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._open.clear)

    async def serve(self, started: Event, stop: Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._open.set()
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await asyncio.to_thread(stop.wait)
        server.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._open.wait()
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
            await asyncio.gather(self._copy(reader, far_writer), self._copy(far_reader, writer))
        except OSError:
            pass
        finally:
            writer.close()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


@contextmanager
def relay_to(target_port: int) -> Iterator[Relay]:
    relay = Relay(target_port)
    started, stop = Event(), Event()
    thread = Thread(target=asyncio.run, args=(relay.serve(started, stop),), daemon=True)
    thread.start()
    try:
        assert started.wait(10)
        yield relay
    finally:
        stop.set()
        thread.join()
