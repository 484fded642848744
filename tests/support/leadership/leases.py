"""The API server as the election sees it: one Lease, and for each candidate a way there."""

import asyncio
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
from kubernetes.aio.client import ApiClient, ApiException

from caster_scene_audio.health import Liveness
from caster_scene_audio.leadership.lease import LeaseLeadership
from caster_scene_audio.leadership.lease_lock import BoundedLeaseLock
from caster_scene_audio.leadership.terms import LeaseTerms

DURATION_S = 15


@dataclass
class LeaseStore:
    """Refuses a write that is based on an older state, as the API server does."""

    lease: Any = None
    version: int = 0

    @property
    def holder(self) -> str | None:
        holder: str | None = self.lease.spec.holder_identity if self.lease else None
        return holder

    def put(self, lease: Any) -> None:
        self.version += 1
        self.lease = deepcopy(lease)
        self.lease.metadata.resource_version = f"{self.version}"


@dataclass
class LeaseApi:
    """One candidate's way to the store; `trouble` meets each of its requests, or nothing does."""

    store: LeaseStore
    trouble: Exception | None = None
    refuses: dict[str, Exception] = field(default_factory=dict)
    """By the request's name: what meets it, as `trouble` meets all."""
    hangs: bool = False
    loses_answers: bool = False
    """What is written is stored, and nobody hears of it."""
    requests: list[str] = field(default_factory=list)

    async def read_namespaced_lease(self, name: str, namespace: str) -> Any:
        await self._way("read")
        if self.store.lease is None:
            raise refusal(404)
        return deepcopy(self.store.lease)

    async def create_namespaced_lease(self, namespace: str, body: Any) -> None:
        await self._way("create")
        if self.store.lease is not None:
            raise refusal(409)
        await self._stored(body)

    async def replace_namespaced_lease(self, name: str, namespace: str, body: Any) -> None:
        await self._way("replace")
        if body.metadata.resource_version != f"{self.store.version}":
            raise refusal(409)
        await self._stored(body)

    async def _stored(self, lease: Any) -> None:
        self.store.put(lease)
        if self.loses_answers:
            await asyncio.get_running_loop().create_future()

    async def _way(self, request: str) -> None:
        self.requests.append(request)
        await asyncio.sleep(0.01)
        if self.hangs:
            await asyncio.get_running_loop().create_future()
        if trouble := self.trouble or self.refuses.get(request):
            raise trouble


@dataclass
class Clock:
    """The loop's, and ahead of it by the time that the machine slept."""

    slept_s: float = 0.0

    def __call__(self) -> float:
        return asyncio.get_running_loop().time() + self.slept_s


@dataclass
class Candidate:
    api: LeaseApi
    liveness: Liveness
    leadership: LeaseLeadership
    lock: BoundedLeaseLock
    clock: Clock

    async def leads(self) -> bool:
        """Whether a call would be let through now."""
        asked = asyncio.ensure_future(self.leadership.held())
        await asyncio.sleep(0)
        asked.cancel()
        return not asked.cancelled() and asked.done()


def candidate(store: LeaseStore, name: str, *, duration_s: int = DURATION_S) -> Candidate:
    """Of one store as many as a test wants; in a running loop, whose clock is theirs."""
    clock = Clock()
    liveness = Liveness(silence_s=180, clock=asyncio.get_running_loop().time)
    liveness.begin()
    terms = LeaseTerms(name="lease", namespace="here", identity=name, duration_s=duration_s)
    lock = BoundedLeaseLock(cast("ApiClient", object()), terms, liveness=liveness, clock=clock)
    api = lock.api_instance = LeaseApi(store)
    return Candidate(api, liveness, LeaseLeadership(lock, clock=clock), lock, clock)


def refusal(status: int) -> ApiException:
    error = ApiException(status=status, reason={404: "Not Found", 409: "Conflict"}.get(status))
    error.body = f'{{"code": {status}}}'
    return error


def connection_refused() -> Exception:
    return aiohttp.ClientConnectionError("refused")
