"""Small stand-ins for the ports of the reconciler: they remember what they were asked."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef
from caster_scene_audio.domain.credentials import Credentials, CredentialsUnavailable
from caster_scene_audio.domain.failure import CallFailed, Failure
from caster_scene_audio.domain.objects import ObjectRef
from caster_scene_audio.domain.occurrence import Occurrence
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import ClusterUnavailable, ObjectGone

KEY = Credentials(access_key_id="testid", access_key_secret="testsecret")


@dataclass
class FakeLive:
    """Answers each update from `failures` first, then with success; can be held back by a gate."""

    failures: deque[Failure | Exception] = field(default_factory=deque)
    updates: list[SceneAudioSpec] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    gate: asyncio.Event | None = None
    in_flight: int = 0
    most_in_flight: int = 0

    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        self.updates.append(wanted)
        self.at.append(asyncio.get_running_loop().time())
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self._answered()
        finally:
            self.in_flight -= 1
        return f"REQUEST-{len(self.updates)}"

    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        raise NotImplementedError

    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        raise NotImplementedError

    async def _answered(self) -> None:
        if self.gate:
            await self.gate.wait()
        if not self.failures:
            return
        failure = self.failures.popleft()
        raise CallFailed(failure) if isinstance(failure, Failure) else failure


@dataclass
class FakeCredentials:
    available: bool = True

    async def credentials(self) -> Credentials:
        if not self.available:
            raise CredentialsUnavailable("set ALIBABA_CLOUD_ACCESS_KEY_ID in the environment")
        return KEY


@dataclass
class FakeCluster:
    """Keeps every status in the order written; `refusals` fail the next writes."""

    statuses: list[tuple[ObjectRef, Status]] = field(default_factory=list)
    occurrences: list[Occurrence] = field(default_factory=list)
    refusals: deque[ClusterUnavailable | ObjectGone] = field(default_factory=deque)
    uids: frozenset[str] = frozenset()
    list_refusals: deque[ClusterUnavailable] = field(default_factory=deque)
    lists: int = 0

    async def write_status(self, ref: ObjectRef, status: Status) -> None:
        if self.refusals:
            raise self.refusals.popleft()
        self.statuses.append((ref, status))

    async def announce(self, ref: ObjectRef, occurrence: Occurrence) -> None:
        self.occurrences.append(occurrence)

    async def living(self) -> frozenset[str]:
        self.lists += 1
        if self.list_refusals:
            raise self.list_refusals.popleft()
        return self.uids

    def last(self) -> Status:
        return self.statuses[-1][1]
