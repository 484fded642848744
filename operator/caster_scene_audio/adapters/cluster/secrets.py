"""The credentials that Secrets hold, each Secret watched by itself and kept in memory."""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol, Self

from caster_scene_audio.adapters.cluster.secret_contents import (
    Reading,
    beyond_share,
    is_possible,
    misnamed,
    not_allowed,
    not_followed,
)
from caster_scene_audio.adapters.cluster.secret_memory import SecretMemory
from caster_scene_audio.adapters.cluster.secret_share import MOST, SecretShares
from caster_scene_audio.adapters.cluster.secret_watch import NotAllowed, Tell, WatchFailed
from caster_scene_audio.domain.backoff import Backoff, Jitter
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.failure import CredentialsUnavailable

log = logging.getLogger(__name__)

SETTLED_S = 30.0
"""A watch that lasted so long was well: the next begins at once, and failures count anew."""

BACKOFF = Backoff(first_s=1, cap_s=30)
"""How long a Secret rests after a watch that failed: the step at most, half of it at least."""

REFUSALS = 3
"""An API server that has just started refuses what it will allow: so many in a row are believed."""


class Watch(Protocol):
    """How a Secret is read: see `SecretWatch`, which is it."""

    async def run(self, ref: SecretRef, tell: Tell) -> None: ...


class KubernetesSecrets:
    """Implements `ports.SecretCredentials`; works within its context, and ends with it.

    Args:
        watch: How a Secret is read.
        jitter: A number between two others, evenly spread.
    """

    def __init__(
        self,
        watch: Watch,
        *,
        jitter: Jitter,
    ) -> None:
        self._watch = watch
        self._jitter = jitter
        self._shares = SecretShares()
        self._followed: dict[SecretRef, SecretMemory] = {}
        self._tasks: dict[SecretMemory, asyncio.Task[None]] = {}
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        for ref in [*self._followed]:
            self._forget(ref)
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    def follow(self, ref: SecretRef, changed: Callable[[SecretRef], None]) -> None:
        """`changed` is called when the Secret's credentials changed, or why there are none.

        Not for a first reading, but where somebody was told in vain. A Secret beyond the share of
        its namespace is followed once another is left.
        """
        if self._closed:
            raise RuntimeError("closed: no Secret is followed any more")
        if self._shares.takes(ref, changed):
            self._memory(ref).changed = changed

    def _memory(self, ref: SecretRef) -> SecretMemory:
        if memory := self._followed.get(ref):
            return memory
        memory = self._followed[ref] = SecretMemory(ref)
        task = asyncio.create_task(self._keep_reading(memory), name=f"Secret {ref}")
        self._tasks[memory] = task
        task.add_done_callback(lambda _: self._tasks.pop(memory))
        return memory

    def leave(self, ref: SecretRef) -> None:
        self._forget(ref)
        if heir := self._shares.leave(ref):
            next_ref, changed = heir
            self._memory(next_ref).changed = changed
            changed(next_ref)

    def _forget(self, ref: SecretRef) -> None:
        if memory := self._followed.pop(ref, None):
            memory.forget()
            if task := self._tasks.get(memory):
                task.cancel()

    async def credentials(self, ref: SecretRef) -> Credentials:
        """At once, but for the first reading of a Secret that is followed."""
        if memory := self._followed.get(ref):
            return await memory.credentials()
        is_beyond = self._shares.is_beyond(ref)
        absent = beyond_share(ref, MOST) if is_beyond else not_followed(ref)
        raise CredentialsUnavailable(absent.reason)

    async def _keep_reading(self, memory: SecretMemory) -> None:
        if not is_possible(memory.ref):
            self._take(memory, misnamed())
            return
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            trouble = await self._read_on(memory)
            _note(memory, trouble)
            settled = clock() - began >= SETTLED_S
            if settled:
                memory.failures = 0
            if trouble or not settled:
                memory.failures += 1
                step_s = BACKOFF.step_s(memory.failures)
                await asyncio.sleep(self._jitter(step_s / 2, step_s))

    async def _read_on(self, memory: SecretMemory) -> str | None:
        """Till the watch ends: what went wrong, if anything did. What was read before stays."""
        try:
            await self._watch.run(memory.ref, lambda reading: self._told(memory, reading))
        except NotAllowed as refusal:
            self._refused(memory, refusal.verb)
            return str(refusal)
        except WatchFailed as failure:
            return str(failure)
        except Exception as error:  # noqa: BLE001 (whatever one Secret does, the others go on)
            return type(error).__name__  # its message may quote what was read
        return None

    def _told(self, memory: SecretMemory, reading: Reading) -> None:
        memory.refusals = 0
        self._take(memory, reading)

    def _refused(self, memory: SecretMemory, verb: str) -> None:
        """Without `watch` alone the credentials still serve, and are read anew twice a minute."""
        if verb == "get":
            memory.refusals += 1
            if memory.refusals >= REFUSALS:
                self._take(memory, not_allowed(memory.ref))

    def _take(self, memory: SecretMemory, reading: Reading) -> None:
        if memory.take(reading):
            usable = isinstance(reading, Credentials)
            log.info("Secret changed", extra={"secret": str(memory.ref), "usable": usable})
            memory.changed(memory.ref)


def _note(memory: SecretMemory, trouble: str | None) -> None:
    """Logged once for each kind of trouble in a row, however often it is met."""
    if trouble and trouble != memory.trouble:
        log.warning("Secret not read", extra={"secret": str(memory.ref), "error": trouble})
    memory.trouble = trouble
