"""What the cluster holds, told to the controller: a full list first, then whatever changes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from itertools import count
from typing import Any

from caster_scene_audio.adapters.cluster.writer import KubernetesCluster
from caster_scene_audio.domain.backoff import Jitter
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.health import Watches
from caster_scene_audio.ports import ClusterUnavailable
from caster_scene_audio.reconciler.controller import Controller
from caster_scene_audio.watch.informer import inform
from caster_scene_audio.watch.login import Login
from caster_scene_audio.watch.namespace_watch import NamespaceWatch
from caster_scene_audio.watch.sweep import Sweep
from caster_scene_audio.watch.watch_loop import WatchLoop
from caster_scene_audio.watch.witness import Ending, Listener, Patience

log = logging.getLogger(__name__)

LIST_AGAIN_S = 5.0

ROUNDS = 3
"""An API server that has just started refuses what it will allow: so often each list is tried."""

LISTS_AT_ONCE = 4


class Watch:
    """Keeps the controller informed, of each namespace by itself; none named: of all as one.

    kopf works in a thread of its own; all else, the controller too, in the loop that this is made
    in.
    """

    def __init__(  # noqa: PLR0913 (all that it is composed of)
        self,
        controller: Controller,
        cluster: KubernetesCluster,
        *,
        check_served: Callable[[], Awaitable[None]],
        namespaces: Collection[str],
        selector: str | None,
        watches: Watches,
        jitter: Jitter,
    ) -> None:
        self._controller = controller
        self._cluster = cluster
        self._check_served = check_served
        self._selector = selector
        self._watches = watches
        self._patience = Patience.within(watches.silence_s)
        self._login = Login()
        self._there = WatchLoop()
        self._namespaces: dict[str | None, NamespaceWatch] = {
            each: self._of(each, jitter) for each in namespaces or (None,)
        }

    def _of(self, namespace: str | None, jitter: Jitter) -> NamespaceWatch:
        return NamespaceWatch(
            namespace,
            check=partial(self._check, namespace),
            inform=partial(self._inform, namespace),
            deliver=self._deliver,
            sweep=Sweep(
                namespace,
                controller=self._controller,
                living=partial(self._cluster.living, namespace),
            ),
            watches=self._watches,
            jitter=jitter,
        )

    async def list_all(self) -> None:
        """See every object before any is acted upon: which of two is older is known then.

        A namespace that can't be listed, again and again, doesn't hold up the others.
        """
        missing = {*self._namespaces}
        for tries in count(1):
            missing -= await self._list(missing)
            if not missing or (tries >= ROUNDS and len(missing) < len(self._namespaces)):
                return
            await asyncio.sleep(LIST_AGAIN_S)

    async def run(self) -> None:
        """See every change until cancelled; raises what is a defect, or WatchStuck."""
        self._watches.begin()
        async with self._there, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._there.until_stuck(self._watches.silence_s))
            for each in self._namespaces.values():
                tasks.create_task(each.run())

    async def _list(self, namespaces: Collection[str | None]) -> set[str | None]:
        """Those that could be listed."""
        hands = asyncio.Semaphore(LISTS_AT_ONCE)

        async def listed(namespace: str | None) -> bool:
            async with hands:
                return await self._is_listed(namespace)

        found = await asyncio.gather(*map(listed, namespaces))
        return {each for each, is_listed in zip(namespaces, found, strict=True) if is_listed}

    async def _is_listed(self, namespace: str | None) -> bool:
        try:
            async for body in self._cluster.bodies(namespace):
                self._deliver(None, body)
        except ClusterUnavailable as reason:
            self._namespaces[namespace].failed(reason)
            return False
        return True

    async def _check(self, namespace: str | None) -> None:
        await self._check_served()
        await self._cluster.check_listable(namespace)

    async def _inform(self, namespace: str | None, listener: Listener) -> Ending:
        across = _Across(listener, asyncio.get_running_loop())
        return await self._there.run(self._inform_there(namespace, across))

    async def _inform_there(self, namespace: str | None, listener: Listener) -> Ending:
        connection = await self._login.connection()
        ending = await inform(
            listener,
            connection,
            namespace=namespace,
            selector=self._selector,
            patience=self._patience,
        )
        if ending.status == 401:
            self._login.renew()
        return ending

    def _deliver(self, event_type: str | None, body: dict[str, Any]) -> None:
        try:
            self._take_in(event_type, body)
        except Exception:  # a defect that one object brings to light must not be everybody's
            log.exception("An object can't be taken in", extra={"uid": body["metadata"]["uid"]})

    def _take_in(self, event_type: str | None, body: dict[str, Any]) -> None:
        metadata = body["metadata"]
        if event_type == "DELETED" or "deletionTimestamp" in metadata:
            self._controller.forget(metadata["uid"])
        else:
            self._controller.see(scene_audio_from(body))


class _Across:
    """Tells a listener in the loop that it belongs to."""

    def __init__(self, listener: Listener, loop: asyncio.AbstractEventLoop) -> None:
        self._listener = listener
        self._loop = loop

    def heard(self) -> None:
        self._loop.call_soon_threadsafe(self._listener.heard)

    def watching(self, *, is_listed: bool) -> None:
        self._loop.call_soon_threadsafe(partial(self._listener.watching, is_listed=is_listed))

    def seen(self, event_type: str | None, body: dict[str, Any]) -> None:
        self._loop.call_soon_threadsafe(self._listener.seen, event_type, body)
