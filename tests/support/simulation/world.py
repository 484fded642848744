"""A cluster, a studio and an operator that can crash, all in a loop whose clock jumps."""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from typing_extensions import override

from caster_scene_audio.domain.access import AccessPolicy
from caster_scene_audio.domain.audio import ObservedAudio
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.reconciler.controller import Controller, Pace
from caster_scene_audio.reconciler.keyring import Keyring
from tests.support.simulation.defects import Defects
from tests.support.simulation.fakes import KEY, FakeAccounts, FakeOwnCredentials, FakeSecrets, key
from tests.support.simulation.house import controller_of
from tests.support.simulation.law import Law
from tests.support.simulation.objects import NOON
from tests.support.simulation.virtual_time import VirtualTimeLoop
from tests.support.simulation.watched_cluster import Body, WatchedCluster
from tests.support.simulation.watched_studio import LIST, READ, UPDATE, WatchedStudio

POINTS = (
    *(f"{action} {when}" for action in (UPDATE, READ, LIST) for when in ("sent", "answered")),
    "status sent",
    "status stored",
    "event",
    "account",
)
"""Where something else can happen in between: wherever the operator waits for somebody."""


class World:
    """Steps are taken with `wait`; in between nothing moves."""

    def __init__(self, seed: int = 0) -> None:
        self.loop = VirtualTimeLoop()
        self.random = Random(seed)  # noqa: S311 (the same each time)
        self.jitter: Callable[[float, float], float] = self.random.uniform
        self._volumes = (0.5 + each / 64 for each in count(1))
        self.clock_offset = timedelta()
        self.at: dict[str, deque[Callable[[], object]]] = defaultdict(deque)
        """What happens the next times that the operator comes to a point."""
        self.fatal = asyncio.Event()
        self.cluster = WatchedCluster(later=self.loop.call_later, passes=self._passes)
        self.studio = WatchedStudio(passes=self._passes)
        self.secrets = ToldSecrets(found=self._found)
        self.accounts = SlowAccounts(passes=self._passes, found=self._found)
        self.law = Law(
            now=self.loop.time,
            studio=self.studio,
            cluster=self.cluster,
            wrong=self.studio.wrong,
        )
        self.studio.permission, self.studio.ended = self.law.objection, self.law.ended
        self.cluster.tried = self.law.told
        self.defects = Defects()
        self.defects.listen()
        self._start()

    @property
    def seen(self) -> dict[str, SceneAudio]:
        """The objects as the running operator was told of them."""
        return self.law.seen

    @property
    def wrong(self) -> list[str]:
        """Everything that must never be."""
        overlapped = ["two calls were in flight for a scene"] if self.studio.overlapped else []
        stopped = ["the controller came to its end"] if self._running.done() else []
        return [*self.studio.wrong, *self.cluster.wrong, *overlapped, *stopped, *self.defects.found]

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.loop.time()) + self.clock_offset

    def wait(self, seconds: float) -> None:
        until = self.loop.time() + seconds
        self.loop.run_until_complete(self._waited(until))
        while self.fatal.is_set():
            self.crash()
            self.loop.run_until_complete(self._waited(until))

    def crash(self) -> None:
        """All that was not written is lost; a new operator begins with what the cluster holds."""
        self.fatal.clear()
        self.cluster.unwritten.clear()
        self.loop.run_until_complete(self._cancelled())
        self._start()

    def crash_after(self, steps: int) -> None:
        """So many turns of the loop later, wherever the operator is by then."""
        self._dying = self.loop.create_task(self._ended_after(steps))

    def write_secret(self, ref: SecretRef, *, is_good: bool | None) -> None:
        """None removes it. A good one is another each time."""
        if is_good is None:
            self.secrets.held.pop(ref, None)
        else:
            name = f"{ref}-{len(self.studio.updates)}"
            self.secrets.held[ref] = key(name if is_good else f"{name}-bad")
        if ref in self.secrets.followed:
            self.loop.call_soon(self.controller.secret_changed, ref)

    def accounts_held(self) -> dict[SecretRef | None, str | None]:
        """Whose credentials every source holds by now."""
        accounts: dict[SecretRef | None, str | None] = {None: account_of(KEY)}
        accounts.update((ref, account_of(each)) for ref, each in self.secrets.held.items())
        return accounts

    def fight(self, scene: str, audio: ObservedAudio, *, every_s: float, times: int) -> None:
        """Another writer sets the scene again and again."""
        self.studio.audio[scene] = audio
        if times > 1:
            self.loop.call_later(
                every_s, lambda: self.fight(scene, audio, every_s=every_s, times=times - 1)
            )

    def calm(self) -> None:
        """No more failures or outages, nothing is on air, and nothing comes between."""
        for troubles in self.studio.troubles.values():
            troubles.clear()
        self.studio.lasting.clear()
        self.studio.untold.clear()
        self.studio.on_air.clear()
        self.cluster.is_down = False
        self.cluster.refused.clear()
        self.at.clear()

    def be_fast(self) -> None:
        """Everybody answers within a moment."""
        self.studio.latency_s, self.accounts.latency_s, self.cluster.lag_s = 0.1, 0.05, 0.02

    def new_volume(self) -> float:
        """One that no scene had before."""
        return next(self._volumes)

    def close(self) -> None:
        self.defects.leave()
        self.loop.run_until_complete(self._cancelled())
        self.loop.close()

    def _start(self) -> None:
        self.secrets.followed.clear()
        self.controller = self.loop.run_until_complete(self._composed())
        self._running = self.loop.create_task(self.controller.run())
        self.seen.clear()
        self.seen.update((uid, scene_audio_from(body)) for uid, body in self.cluster.bodies.items())
        self.law.begin_anew()
        self.cluster.found_gone = lambda uid: self.seen.pop(uid, None)
        self.cluster.told = self._teller(self.controller)
        for seen in [*self.seen.values()]:
            self.loop.call_soon(self.controller.see, seen)

    async def _composed(self) -> Controller:
        return controller_of(
            live=self.studio,
            cluster=self.cluster,
            keyring=Keyring(own=FakeOwnCredentials(), secrets=self.secrets, accounts=self.accounts),
            secrets=self.secrets,
            access=AccessPolicy(),
            pace=Pace(update_qps=1, read_qps=15, max_in_flight=32, used_until=self.loop.time()),
            now=self.now,
            monotonic=self.loop.time,
            jitter=self.jitter,
            made=Controller,
        )

    def _teller(self, controller: Controller) -> Any:
        def told(uid: str, body: Body | None) -> None:
            if controller is not self.controller:
                return  # of a watch that ended with its operator
            if body is None:
                self.seen.pop(uid, None)
                self.law.changed()
                controller.forget(uid)
            else:
                self.seen[uid] = scene_audio_from(body)
                self.law.changed()
                controller.see(self.seen[uid])

        return told

    def _found(self, source: SecretRef | None, account: str | None) -> None:
        self.law.found(source, account)

    async def _passes(self, point: str) -> None:
        if self.at[point]:
            self.at[point].popleft()()
            if self.fatal.is_set():
                await asyncio.get_running_loop().create_future()

    async def _waited(self, until: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self.fatal.wait()

    async def _ended_after(self, steps: int) -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        self.fatal.set()

    async def _cancelled(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


Found = Callable[[SecretRef | None, str | None], None]
"""Takes what the operator is told: a source, and whose credentials it holds."""


@dataclass(kw_only=True)
class ToldSecrets(FakeSecrets):
    """Says what is told of a Secret that holds nothing."""

    found: Found

    @override
    async def credentials(self, ref: SecretRef) -> Credentials:
        if ref not in self.held:
            self.found(ref, None)
        return await FakeSecrets.credentials(self, ref)


def account_of(credentials: Credentials) -> str:
    """All good keys are of one account; the others are told apart by themselves."""
    key_id = credentials.access_key_id
    return f"access key {key_id}" if "bad" in key_id else "account"


def source_of(credentials: Credentials) -> SecretRef | None:
    """By the name that `write_secret` gives a key."""
    namespace, is_secret, name = credentials.access_key_id.partition("/")
    name = name.removesuffix("-bad").rpartition("-")[0]
    return SecretRef(namespace=namespace, name=name) if is_secret else None


@dataclass(kw_only=True)
class SlowAccounts(FakeAccounts):
    """A turn has begun, and waits to learn whose quota it uses."""

    passes: Callable[[str], Any]
    found: Found
    latency_s: float = 0

    @override
    async def account_of(self, credentials: Credentials) -> str | None:
        await asyncio.sleep(self.latency_s)
        await self.passes("account")
        account = account_of(credentials)
        self.found(source_of(credentials), account)
        return None if "bad" in account else account
