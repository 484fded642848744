"""Small stand-ins for the ports of the reconciler: they remember what they were asked."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields

from caster_scene_audio.domain.audio import ObservedAudio, ObservedLayer, Scene, SceneRef
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.failure import CallFailed, CredentialsUnavailable, Failure
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.objects import ObjectRef
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import FollowMode, Layer, SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import Recorded

KEY = Credentials(access_key_id="testid", access_key_secret="testsecret")


SILENCE = ObservedAudio(request_id="READ", follow_mode=FollowMode.AUDIO_FOLLOWS_VIDEO, layers=())


@dataclass
class FakeLive:
    """A studio that does as it is told: every scene exists, and follows its video at first.

    Each update is answered from `failures` first, then by `refusal`, then with success; readings
    likewise from `read_failures`. The gate holds every update back until it is set.
    """

    failures: deque[Failure | Exception] = field(default_factory=deque)
    read_failures: deque[Failure] = field(default_factory=deque)
    list_failures: deque[Failure] = field(default_factory=deque)
    refusal: Callable[[Credentials], Failure | None] | None = None
    gate: asyncio.Event | None = None
    audio: dict[str, ObservedAudio] = field(default_factory=dict)
    on_air: set[str] = field(default_factory=set)
    updates: list[SceneAudioSpec] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    reads_at: list[float] = field(default_factory=list)
    lists_at: list[float] = field(default_factory=list)
    list_s: float = 0
    """How long a list of scenes takes; it says what was so when it was asked for."""
    beside: tuple[Scene, ...] = ()
    """Scenes that are listed after the one that was asked for."""
    in_flight: list[str] = field(default_factory=list)
    updating: int = 0
    most_in_flight: int = 0
    overlapped: bool = False

    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        self.updates.append(wanted)
        self.keys.append(credentials.access_key_id)
        self.at.append(asyncio.get_running_loop().time())
        with self._in_flight(wanted.scene_id):
            self.updating += 1
            self.most_in_flight = max(self.most_in_flight, self.updating)
            try:
                await self._held_back()
            finally:
                self.updating -= 1
            if self.refusal and (refused := self.refusal(credentials)):
                raise CallFailed(refused)
            _fail(self.failures)
            self._set(wanted)
        return f"REQUEST-{len(self.updates)}"

    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        self.reads.append(scene.scene_id)
        self.reads_at.append(asyncio.get_running_loop().time())
        with self._in_flight(scene.scene_id):
            await asyncio.sleep(0)
            _fail(self.read_failures)
        return self.audio.get(scene.scene_id, SILENCE)

    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        self.lists_at.append(asyncio.get_running_loop().time())
        on_air = scene.scene_id in self.on_air
        with self._in_flight(scene.scene_id):
            await asyncio.sleep(self.list_s)
            _fail(self.list_failures)
        asked_for = Scene(scene_id=scene.scene_id, name="", active=True, on_air=on_air)
        return (asked_for, *self.beside)

    @contextmanager
    def _in_flight(self, scene_id: str) -> Iterator[None]:
        self.overlapped = self.overlapped or scene_id in self.in_flight
        self.in_flight.append(scene_id)
        try:
            yield
        finally:
            self.in_flight.remove(scene_id)

    async def _held_back(self) -> None:
        await asyncio.sleep(0)
        if self.gate:
            await self.gate.wait()

    def _set(self, wanted: SceneAudioSpec) -> None:
        before = self.audio.get(wanted.scene_id, SILENCE)
        layers = before.layers if wanted.layers is None else as_read(wanted.layers)
        self.audio[wanted.scene_id] = ObservedAudio(
            request_id="READ", follow_mode=wanted.follow_mode or before.follow_mode, layers=layers
        )


def as_read(layers: tuple[Layer, ...]) -> tuple[ObservedLayer, ...]:
    """What the service tells of layers that it was sent."""
    told = [each.name for each in fields(ObservedLayer)]
    return tuple(ObservedLayer(**{name: getattr(layer, name) for name in told}) for layer in layers)


def _fail(failures: deque[Failure | Exception] | deque[Failure]) -> None:
    if failures:
        failure = failures.popleft()
        raise CallFailed(failure) if isinstance(failure, Failure) else failure


def key(access_key_id: str) -> Credentials:
    return Credentials(access_key_id=access_key_id, access_key_secret="testsecret")


@dataclass
class FakeOwnCredentials:
    """Gives the current key; each renewal gives the next one."""

    current: Credentials | None = KEY
    renewals: int = 0
    gate: asyncio.Event | None = None

    async def credentials(self) -> Credentials:
        if self.gate:
            await self.gate.wait()
        if self.current is None:
            raise CredentialsUnavailable("set ALIBABA_CLOUD_ACCESS_KEY_ID in the environment")
        return self.current

    async def renewed(self, rejected: Credentials) -> Credentials:
        if self.current == rejected:
            self.renewals += 1
            self.current = key(f"renewed-{self.renewals}")
        return await self.credentials()


@dataclass
class FakeSecrets:
    """What each Secret holds; those that are followed are remembered."""

    held: dict[SecretRef, Credentials] = field(default_factory=dict)
    followed: set[SecretRef] = field(default_factory=set)

    def follow(self, ref: SecretRef, changed: Callable[[SecretRef], None]) -> None:
        self.followed.add(ref)

    def leave(self, ref: SecretRef) -> None:
        self.followed.discard(ref)

    async def credentials(self, ref: SecretRef) -> Credentials:
        if ref not in self.held:
            raise CredentialsUnavailable(f"Secret {ref} is missing")
        return self.held[ref]


@dataclass
class FakeAccounts:
    """Which account each access key belongs to; nobody knows of the others."""

    known: dict[str, str] = field(default_factory=dict)
    gate: asyncio.Event | None = None
    """Until it is set, nothing is said of the others."""

    async def account_of(self, credentials: Credentials) -> str | None:
        if self.gate and credentials.access_key_id not in self.known:
            await self.gate.wait()
        return self.known.get(credentials.access_key_id)


@dataclass
class FakeCluster:
    """Keeps every status in the order written; `refusals` fail the next writes."""

    statuses: list[tuple[ObjectRef, Status]] = field(default_factory=list)
    occurrences: list[ObjectEvent] = field(default_factory=list)
    refusals: deque[Exception] = field(default_factory=deque)
    queued: list[tuple[ObjectRef, Status]] = field(default_factory=list)
    """What was put on record before a first write; all others are in `statuses`."""
    stored: Callable[[ObjectRef, Recorded], object] = lambda ref, recorded: None
    """Is told of every status that is taken: it comes back through the watch."""

    async def write_status(self, ref: ObjectRef, status: Status) -> Recorded:
        if self.refusals:
            raise self.refusals.popleft()
        kept = self.queued if status.reason == Reason.QUEUED else self.statuses
        kept.append((ref, status))
        recorded = Recorded(status, version=len(self.queued) + len(self.statuses))
        self.stored(ref, recorded)
        return recorded

    async def announce(self, ref: ObjectRef, event: ObjectEvent) -> None:
        self.occurrences.append(event)

    def last(self) -> Status:
        return self.statuses[-1][1]


class NoMeasures:
    """Counts nothing."""

    def change_waits(self, uid: str) -> None:
        pass

    def change_called(self, uid: str) -> None:
        pass

    def change_dropped(self, uid: str) -> None:
        pass

    def drift_found(self) -> None:
        pass

    def drift_corrected(self) -> None:
        pass
