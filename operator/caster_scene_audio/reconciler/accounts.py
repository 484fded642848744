"""Which account each source of credentials leads to: asked once, before an object is lined up."""

import asyncio
from collections.abc import Callable, Collection

from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.reconciler.keyring import Keyring, Source

Resolved = Callable[[Collection[str], CallFailed | None], None]
"""Takes the uids that waited for a source's account, and why it can't be told; None: it is known."""


class SourceAccounts:
    """Remembers the account of each source. However many objects wait for one, it is asked once."""

    def __init__(self, keyring: Keyring, resolved: Resolved) -> None:
        self._keyring = keyring
        self._resolved = resolved
        self._accounts: dict[Source, str] = {}
        self._waiting: dict[Source, set[str]] = {}
        self._source_of: dict[str, Source] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False

    def get(self, source: Source) -> str | None:
        """The account, where it is known."""
        return self._accounts.get(source)

    def learn(self, source: Source, account: str) -> None:
        """The source's credentials are this account's."""
        self._accounts[source] = account

    def forget(self, source: Source) -> None:
        """What the source holds has changed, or is gone."""
        self._accounts.pop(source, None)

    def wait(self, uid: str, source: Source) -> None:
        """Have `resolved` called for the object once the source's account is known, or can't be."""
        self.leave(uid)
        if self._is_closed:
            return
        self._source_of[uid] = source
        if source in self._waiting:
            self._waiting[source].add(uid)
            return
        self._waiting[source] = {uid}
        task = asyncio.create_task(self._resolve(source), name=f"account of {source}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def leave(self, uid: str) -> None:
        """The object waits no longer, if it did."""
        if uid in self._source_of:
            self._waiting[self._source_of.pop(uid)].discard(uid)

    async def close(self) -> None:
        """Ask no more, whoever waits from now on."""
        self._is_closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _resolve(self, source: Source) -> None:
        refusal: CallFailed | None = None
        try:
            self.learn(source, (await self._keyring.signer(source)).account)
        except CallFailed as missing:
            refusal = missing
        finally:
            waited = self._waiting.pop(source)
            for uid in waited:
                del self._source_of[uid]
        self._resolved(waited, refusal)
