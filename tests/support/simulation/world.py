"""A cluster, a studio and an operator that can crash, all in a loop whose clock jumps."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from typing_extensions import override

from caster_scene_audio.domain.access import AccessPolicy
from caster_scene_audio.domain.audio import SceneRef
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.comparison import differences, is_as_wanted
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.spec import Drift, Mode, OnAir, SceneAudioSpec
from caster_scene_audio.reconciler.controller import Controller, Pace
from caster_scene_audio.reconciler.keyring import Keyring
from tests.support.simulation.fakes import KEY, FakeAccounts, FakeOwnCredentials, FakeSecrets, key
from tests.support.simulation.house import controller_of
from tests.support.simulation.objects import NOON
from tests.support.simulation.virtual_time import VirtualTimeLoop
from tests.support.simulation.watched_cluster import Body, WatchedCluster
from tests.support.simulation.watched_studio import LIST, UPDATE, WatchedStudio

LOGGERS = ("caster_scene_audio", "asyncio")
"""Where a defect is told."""


class World:
    """Steps are taken with `wait`; in between nothing moves."""

    def __init__(self) -> None:
        self.loop = VirtualTimeLoop()
        self.clock_offset = timedelta()
        self.cluster = WatchedCluster(later=self.loop.call_later)
        self.studio = WatchedStudio(permission=self._objection)
        self.secrets = FakeSecrets()
        self.accounts = SlowAccounts()
        self.defects = _Defects()
        for name in LOGGERS:
            logging.getLogger(name).addHandler(self.defects)
        self.seen: dict[str, SceneAudio] = {}
        """The objects as the running operator was told of them."""
        self.is_status_lost = False
        self.sent_for: set[str] = set()
        """The uids of objects for which an update was ever sent."""
        self.asked: set[tuple[str, str | None]] = set()
        self.answered: set[tuple[str, str | None]] = set()
        self._start()

    @property
    def wrong(self) -> list[str]:
        """Everything that must never be."""
        overlapped = ["two calls were in flight for a scene"] if self.studio.overlapped else []
        stopped = ["the controller came to its end"] if self._running.done() else []
        return [*self.studio.wrong, *self.cluster.wrong, *overlapped, *stopped, *self.defects.found]

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.loop.time()) + self.clock_offset

    def wait(self, seconds: float) -> None:
        self.loop.run_until_complete(asyncio.sleep(seconds))

    def crash(self) -> None:
        """All that was not written is lost; a new operator begins with what the cluster holds."""
        self.is_status_lost = self.is_status_lost or bool(self.cluster.unwritten)
        self.cluster.unwritten.clear()
        self.loop.run_until_complete(self._cancelled())
        self._start()

    def write_secret(self, ref: SecretRef, *, is_good: bool | None) -> None:
        """None removes it. A good one is another each time."""
        if is_good is None:
            self.secrets.held.pop(ref, None)
        else:
            name = f"{ref}-{len(self.studio.updates)}"
            self.secrets.held[ref] = key(name if is_good else f"{name}-bad")
        if ref in self.secrets.followed:
            self.loop.call_soon(self.controller.secret_changed, ref)

    def close(self) -> None:
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(self.defects)
        self.loop.run_until_complete(self._cancelled())
        self.loop.close()

    def _start(self) -> None:
        self.secrets.followed.clear()
        self.controller = self.loop.run_until_complete(self._composed())
        self._running = self.loop.create_task(self.controller.run())
        self.seen = {uid: scene_audio_from(body) for uid, body in self.cluster.bodies.items()}
        self.cluster.found_gone = lambda uid: self.seen.pop(uid, None)
        self.cluster.told = self._teller(self.controller)
        for seen in self.seen.values():
            self.loop.call_soon(self.controller.see, seen)

    async def _composed(self) -> Controller:
        return controller_of(
            live=self.studio,
            cluster=self.cluster,
            keyring=Keyring(own=FakeOwnCredentials(), secrets=self.secrets, accounts=self.accounts),
            secrets=self.secrets,
            access=AccessPolicy(),
            pace=Pace(update_qps=10, read_qps=15, max_in_flight=32),
            now=self.now,
            monotonic=self.loop.time,
            jitter=Random(0).uniform,  # noqa: S311 (the same each time)
        )

    def _teller(self, controller: Controller) -> Any:
        def told(uid: str, body: Body | None) -> None:
            if controller is not self.controller:
                return  # of a watch that ended with its operator
            if body is None:
                self.seen.pop(uid, None)
                controller.forget(uid)
            else:
                self.seen[uid] = scene_audio_from(body)
                controller.see(self.seen[uid])

        return told

    async def _cancelled(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _objection(
        self, action: str, scene: SceneRef, wanted: SceneAudioSpec | None, signer: Credentials
    ) -> str | None:
        """Only the oldest object of a scene may have calls made, and only such as it calls for."""
        holder = holder_of(scene.scene_id, self.seen)
        if holder is None or not isinstance(holder.spec, SceneAudioSpec):
            return "there is no object for it"
        if holder.spec.suspend:
            return "the object is suspended"
        expected = (KEY.access_key_id, "renewed-") if holder.secret is None else f"{holder.secret}-"
        if not signer.access_key_id.startswith(expected):
            return f"signed by {signer.access_key_id}"
        return _unwanted(action, holder.spec, wanted) or self._unlawful(action, holder, holder.spec)

    def _unlawful(self, action: str, holder: SceneAudio, spec: SceneAudioSpec) -> str | None:
        """The law: an update has one of four causes, and waits while the scene is on air."""
        if action != UPDATE:
            return None
        if spec.on_air is OnAir.WAIT and self.studio.told_air.get(spec.scene_id) != (
            self.loop.time(),
            False,
        ):
            return "nobody asked just now whether the scene is on air"
        self.sent_for.add(holder.ref.uid)
        if self._is_caused(holder, spec):
            return None
        return f"an update of generation {holder.generation} that nothing is the cause of"

    def _is_caused(self, holder: SceneAudio, spec: SceneAudioSpec) -> bool:
        body = self.cluster.bodies.get(holder.ref.uid)
        recorded = scene_audio_from(body) if body else holder
        told = self.studio.told.get(spec.scene_id)
        was_asked_for = (
            holder.reconcile_request is not None
            and (holder.ref.uid, holder.reconcile_request) not in self.answered
        )
        if was_asked_for:
            self.asked.add((holder.ref.uid, holder.reconcile_request))
            return True
        applied = recorded.status.applied
        if applied is None:  # never sent: it must not be known to be as the spec says
            return told is None or not is_as_wanted(spec, told)
        is_drifted = told is not None and bool(differences(spec, told))
        return (
            spec.says_otherwise_than(applied)
            or (is_drifted and spec.drift is Drift.CORRECT)
            or spec.scene_id in self.studio.failed
        )


def _unwanted(action: str, spec: SceneAudioSpec, wanted: SceneAudioSpec | None) -> str | None:
    if action in {UPDATE, LIST} and spec.mode is Mode.OBSERVE:
        return "the object only observes"
    if action == UPDATE and wanted != spec:
        return "another spec than the newest of the oldest object was written"
    if action == LIST and spec.on_air is not OnAir.WAIT:
        return "the object does not mind the air"
    return None


def holder_of(scene_id: str, objects: dict[str, SceneAudio]) -> SceneAudio | None:
    """The oldest object for a scene, of those that can be read."""
    claims = [
        each
        for each in objects.values()
        if isinstance(each.spec, SceneAudioSpec) and each.spec.scene_id == scene_id
    ]
    return min(claims, key=lambda each: each.seniority, default=None)


@dataclass
class SlowAccounts(FakeAccounts):
    """A turn has begun, and waits to learn whose quota it uses."""

    latency_s: float = 0

    @override
    async def account_of(self, credentials: Credentials) -> str | None:
        await asyncio.sleep(self.latency_s)
        return await FakeAccounts.account_of(self, credentials)


class _Defects(logging.Handler):
    """What the operator stumbled on."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(f"{record.getMessage()} {record.exc_info}")
