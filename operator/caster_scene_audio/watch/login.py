"""One way to the API server for all informers, read anew when it didn't serve."""

import asyncio

from caster_scene_audio.adapters.cluster.connection import Connection, load_connection


class Login:
    """Belongs to the informers' loop. A plugin that is asked for a token is asked once for all."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._loaded: Connection | None = None

    async def connection(self) -> Connection:
        """What is rotated is seen by the connection itself. Raises what `load_connection` raises."""
        async with self._lock:
            if self._loaded is None:
                self._loaded = await load_connection()
            return self._loaded

    def renew(self) -> None:
        """What is known didn't serve: a later informer gets it anew."""
        self._loaded = None
