"""One namespace, watched for as long as the operator serves, whatever ends its informers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from caster_scene_audio.adapters.cluster.errors import ClusterRefused, ClusterSilent
from caster_scene_audio.complaint import Complaint
from caster_scene_audio.domain.backoff import Backoff, Jitter
from caster_scene_audio.health import EVERYWHERE, Watches
from caster_scene_audio.ports import ClusterUnavailable
from caster_scene_audio.watch.sweep import Sweep
from caster_scene_audio.watch.witness import Ending, Listener

log = logging.getLogger(__name__)

BACKOFF = Backoff(first_s=1, cap_s=15)
"""How long to wait for the next informer: the step at most, half of it at least."""

TRIES_IN_SILENCE = 4
"""So often it is tried at least before the watches count as dead: a pause of ours is no silence."""

SETTLED_S = 30.0
"""One that lasted so long was well: what fails later counts anew."""

LET_GO_S = 3600.0
"""A refusal may be a mistake that is soon mended; what is refused for so long isn't ours any more."""

Check = Callable[[], Awaitable[None]]
"""Whether the namespace can be listed; raises ClusterUnavailable, or one of its kinds."""

Inform = Callable[[Listener], Awaitable[Ending]]
"""Lists and watches the namespace until that can't go on."""


class NamespaceWatch:
    """Its informers, one after the other, and what is told of them. None is all namespaces."""

    def __init__(  # noqa: PLR0913 (all that it is composed of)
        self,
        namespace: str | None,
        *,
        check: Check,
        inform: Inform,
        deliver: Callable[[str | None, dict[str, Any]], None],
        sweep: Sweep,
        watches: Watches,
        jitter: Jitter,
    ) -> None:
        self.name = namespace or EVERYWHERE
        self.seen = deliver
        self._check = check
        self._inform = inform
        self._sweep = sweep
        self._watches = watches
        self._jitter = jitter
        self._longest_s = watches.silence_s / TRIES_IN_SILENCE
        self._clock = asyncio.get_running_loop().time
        self._refused_since: float | None = None
        self._complaint = Complaint(
            log,
            "A namespace can't be watched",
            relief="A namespace is watched again",
            facts={"namespace": self.name},
            clock=self._clock,
        )

    async def run(self) -> None:
        """Until cancelled. Raises nothing but what is a defect."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._sweep.run())
            tasks.create_task(self._keep_watching())

    def heard(self) -> None:
        self._watches.heard()

    def watching(self, *, is_listed: bool) -> None:
        self._watches.served(self.name)
        self._complaint.over()
        if is_listed:
            self._sweep.request()

    def failed(self, reason: ClusterUnavailable) -> None:
        """The namespace can't be listed."""
        self._note(Ending(str(reason), is_silence=isinstance(reason, ClusterSilent)))

    async def _keep_watching(self) -> None:
        failures = 0
        while True:
            began = self._clock()
            await self._watch_once()
            failures = 1 if self._clock() - began >= SETTLED_S else failures + 1
            step_s = min(BACKOFF.step_s(failures), self._longest_s)
            await asyncio.sleep(self._jitter(step_s / 2, step_s))

    async def _watch_once(self) -> None:
        try:
            await self._check()
            self._refused_since = None
            self._note(await self._inform(self))
        except ClusterRefused as refusal:
            self.failed(refusal)
            self._count_refusal()
        except ClusterUnavailable as reason:
            self.failed(reason)
        except Exception as error:  # noqa: BLE001 (whatever ends one watch, the others go on)
            self._note(Ending(type(error).__name__, cause=error))

    def _count_refusal(self) -> None:
        now = self._clock()
        if self._refused_since is None:
            self._refused_since = now
        if now - self._refused_since >= LET_GO_S:
            self._sweep.let_go()

    def _note(self, ending: Ending) -> None:
        if ending.trouble is None:
            return
        if ending.is_silence:
            self._watches.unanswered(self.name, ending.trouble)
        else:
            self._watches.failed(self.name, ending.trouble)
        self._complaint.met(ending.trouble, cause=ending.cause)
