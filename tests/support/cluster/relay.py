"""A way to a server on loopback that can be cut: what is sent waits, and nothing is refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Relay:
    """To be made in the loop that serves it; `cut` may be called from any thread."""

    target_port: int
    port: int = 0
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    """The gate of the connections that come now; each keeps the one that it came by."""
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _joined: set[asyncio.Task[None] | None] = field(default_factory=set)
    """Held here: a loop holds none that waits, and one that is collected closes its connection."""

    def __post_init__(self) -> None:
        self._open.set()

    def cut(self) -> None:
        """From now on no byte passes, in neither direction."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def strand(self) -> None:
        """As `cut`, but only for those that are open now: later ones pass."""
        self._loop.call_soon_threadsafe(self._change_gates)

    def _change_gates(self) -> None:
        self._open.clear()
        self._open = asyncio.Event()
        self._open.set()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gate, task = self._open, asyncio.current_task()
        self._joined.add(task)
        try:
            await gate.wait()
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
            await asyncio.gather(_copy(reader, far_writer, gate), _copy(far_reader, writer, gate))
        except (OSError, asyncio.CancelledError):
            pass  # whoever is stranded is cancelled with the loop, which complains of it on 3.11
        finally:
            self._joined.discard(task)
            writer.close()


async def _copy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gate: asyncio.Event
) -> None:
    try:
        while data := await reader.read(65536):
            await gate.wait()
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@asynccontextmanager
async def relay_to(target_port: int) -> AsyncIterator[Relay]:
    relay = Relay(target_port)
    server = await asyncio.start_server(relay.join, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
