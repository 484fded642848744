"""Which account each source of credentials leads to: asked once, before an object is lined up."""

import asyncio
from collections.abc import Callable, Collection

from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.reconciler.keyring import Keyring, Source

Resolved = Callable[[Source, Collection[str], CallFailed | None], None]
"""Takes the uids that waited for a source's account, and why it can't be told; None: it is known."""


class SourceAccounts:
    """Remembers the account of each source. However many objects wait for one, it is asked once."""

    def __init__(
        self, keyring: Keyring, resolved: Resolved, *, is_used: Callable[[Source], bool]
    ) -> None:
        self._keyring = keyring
        self._resolved = resolved
        self._is_used = is_used
        self._accounts: dict[Source, str] = {}
        self._last: dict[Source, str | None] = {}
        """What was last found, believed until something else is; None: there are no credentials."""
        self._outdated: set[Source] = set()
        self._waiting: dict[Source, set[str]] = {}
        self._source_of: dict[str, Source] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False

    def get(self, source: Source) -> str | None:
        """The account, where it is known."""
        return self._accounts.get(source)

    @property
    def in_use(self) -> frozenset[str]:
        """All accounts that some source leads to."""
        return frozenset(each for each in self._last.values() if each is not None)

    def last(self, source: Source) -> str | None:
        """The account that the source last led to, though it may have changed since."""
        return self._last.get(source)

    def was_asked(self, source: Source) -> bool:
        """Whether it was found, ever since it is used, what the source holds, or that it is nothing."""
        return source in self._last

    def learn(self, source: Source, account: str) -> None:
        """The source's credentials are this account's."""
        self._note(source, account)
        self._resolved(source, (), None)

    def refuse(self, source: Source, refusal: CallFailed) -> None:
        """There are no credentials to sign a call with."""
        self._accounts.pop(source, None)
        self._note_refusal(source)
        self._resolved(source, (), refusal)

    def renew(self, source: Source) -> None:
        """What the source holds has changed: it is asked anew."""
        self._accounts.pop(source, None)
        self._outdated.add(source)
        self.ask(source)

    def forget(self, source: Source) -> None:
        """Nobody uses the source any more."""
        self._accounts.pop(source, None)
        self._last.pop(source, None)

    def ask(self, source: Source) -> None:
        """Have `resolved` called once the source's account is known, or can't be."""
        if self._is_closed or source in self._waiting:
            return
        self._waiting[source] = set()
        task = asyncio.create_task(self._resolve(source), name=f"account of {source}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def wait(self, uid: str, source: Source) -> None:
        """As `ask`; the object is among those that waited."""
        self.leave(uid)
        self.ask(source)
        if source in self._waiting:
            self._source_of[uid] = source
            self._waiting[source].add(uid)

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
            refusal = await self._found(source)
        finally:
            waited = self._waiting.pop(source)
            for uid in waited:
                del self._source_of[uid]
        self._resolved(source, waited, refusal)

    async def _found(self, source: Source) -> CallFailed | None:
        """Of a source that changes while it is asked, what it holds in the end."""
        while True:
            self._outdated.discard(source)
            try:
                account = (await self._keyring.signer(source)).account
            except CallFailed as missing:
                if source not in self._outdated:
                    self._note_refusal(source)
                    return missing
            else:
                if source not in self._outdated:
                    self._note(source, account)
                    return None

    def _note(self, source: Source, account: str) -> None:
        """Of a source that was left while it was asked, nothing is kept."""
        if self._is_used(source):
            self._accounts[source] = self._last[source] = account

    def _note_refusal(self, source: Source) -> None:
        """The operator's own can't be had for a while: whose they are is still known."""
        if self._is_used(source) and (source is not None or source not in self._last):
            self._last[source] = None
