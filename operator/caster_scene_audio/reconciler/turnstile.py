"""A bounded number at a time, and namespaces take turns: one with a thousand delays no other."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turnstile:
    """Lets in whoever is next of the namespace whose turn it is, first come, first served within it.

    A namespace has at most three quarters of the places: where each of its requests hangs, the others
    go on with the rest.
    """

    def __init__(self, places: int) -> None:
        """`places`: how many may be in at once; 2 or more."""
        self._places = places
        self._most = max(1, places * 3 // 4)
        self._inside: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        """By namespace; that whose turn is next comes first."""

    @asynccontextmanager
    async def turn(self, namespace: str) -> AsyncIterator[None]:
        """Wait for a place, and leave it at the end."""
        await self._entered(namespace)
        try:
            yield
        finally:
            self._leave(namespace)

    async def _entered(self, namespace: str) -> None:
        if namespace not in self._waiting and self._has_place(namespace):
            self._inside[namespace] += 1
            return
        let_in = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(namespace, deque()).append(let_in)
        try:
            await let_in
        except asyncio.CancelledError:
            if not let_in.cancelled():  # it had been let in by then
                self._leave(namespace)
            raise

    def _has_place(self, namespace: str) -> bool:
        return self._inside.total() < self._places and self._inside[namespace] < self._most

    def _leave(self, namespace: str) -> None:
        self._inside[namespace] -= 1
        if not self._inside[namespace]:
            del self._inside[namespace]
        while found := next(filter(self._has_place, self._waiting), None):
            self._let_in(found)

    def _let_in(self, namespace: str) -> None:
        waiting = self._waiting[namespace]
        first = waiting.popleft()
        if not first.cancelled():
            first.set_result(None)
            self._inside[namespace] += 1
        if waiting:
            self._waiting.move_to_end(namespace)
        else:
            del self._waiting[namespace]
