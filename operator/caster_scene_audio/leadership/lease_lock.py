"""How the election reads and writes its Lease: bounded in time, by a clock that nobody sets."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import inf
from typing import Any

from kubernetes.aio.client import ApiClient, ApiException, V1Lease, V1ObjectMeta
from kubernetes.aio.leaderelection.leaderelectionrecord import LeaderElectionRecord
from kubernetes.aio.leaderelection.resourcelock.leaselock import LeaseLock
from typing_extensions import override

from caster_scene_audio.adapters.cluster.errors import UNANSWERED, words_of
from caster_scene_audio.health import Liveness

log = logging.getLogger(__name__)

Answer = tuple[bool, Any]

NO_ANSWER = 0
"""Stands for the status of an answer that didn't come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTerms:
    """Which Lease, who asks for it, and for how many seconds it lasts unrenewed."""

    name: str
    namespace: str
    identity: str
    duration_s: int

    @property
    def renew_deadline_s(self) -> float:
        """Unrenewed for so long, its holder stops; the others wait for the rest, too."""
        return self.duration_s * 2 / 3

    @property
    def request_timeout_s(self) -> float:
        """So that several tries fit into the deadline."""
        return self.renew_deadline_s / 4


class BoundedLeaseLock(LeaseLock):  # type: ignore[misc]  # of a package without types
    """The official lock, but its requests end, and it raises nothing.

    The election measures how long another's Lease lasts by the wall clock. Here the monotonic one
    decides: a clock that is set ahead must not make two leaders, nor one set back none.
    """

    def __init__(
        self,
        client: ApiClient,
        terms: LeaseTerms,
        *,
        liveness: Liveness,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(terms.name, terms.namespace, terms.identity, client)
        self.terms = terms
        self.renewed_at = -inf
        """When the last renewal that the API server took was sent."""
        self.was_asked_for = False
        """Whether the API server was ever sent our name: even an answer that is lost may count."""
        self._path = f"lease {terms.namespace}/{terms.name}"
        self._liveness = liveness
        self._clock = clock
        self._seen: dict[str, str | None] = {}
        self._seen_at = -inf
        self._trouble: str | None = None

    @property
    def is_anothers(self) -> bool:
        """Whether somebody else holds it, and was seen to renew it no longer ago than it lasts."""
        if self._seen.get("holder_identity") in (None, self.identity):
            return False
        duration_s = max(self.terms.duration_s, float(self._seen.get("lease_duration") or 0))
        return self._clock() < self._seen_at + duration_s

    @override
    async def get(self, name: str, namespace: str) -> Answer:
        found, answer = await self._answered(super().get(name, namespace), _failed)
        if found:
            self._see(answer)
            if not self.is_anothers and answer.holder_identity != self.identity:
                answer.holder_identity = None  # nobody's, whatever the wall clock says
        is_known = found or answer.status == 404
        if not is_known and answer.status != NO_ANSWER:  # who may not read it can't stand by
            self._liveness.failed(self._path, f"HTTP {answer.status}")
        self._note(None if is_known else words_of(answer))
        return found, answer

    @override
    async def create(
        self, name: str, namespace: str, election_record: LeaderElectionRecord
    ) -> bool:
        return await self._taken(self._created(name, namespace, election_record), election_record)

    @override
    async def update(self, name: str, namespace: str, updated_record: LeaderElectionRecord) -> bool:
        if self.is_anothers:
            return False
        return await self._taken(super().update(name, namespace, updated_record), updated_record)

    async def give_back(self) -> None:
        """Name no holder any more, where it is ours; raises what the client raises."""
        lease = await self.api_instance.read_namespaced_lease(self.name, self.namespace)
        if lease.spec.holder_identity == self.identity:
            lease.spec.holder_identity = None
            await self.api_instance.replace_namespaced_lease(self.name, self.namespace, lease)

    async def _created(self, name: str, namespace: str, record: LeaderElectionRecord) -> bool:
        """In place of the official one, which gives its own client a `pretty` that it refuses."""
        lease = V1Lease(metadata=V1ObjectMeta(name=name), spec=self.update_lease(record))
        try:
            await self.api_instance.create_namespaced_lease(namespace, lease)
        except ApiException:  # somebody else was first
            return False
        return True

    async def _taken(self, request: Awaitable[bool], record: LeaderElectionRecord) -> bool:
        sent_at = self._clock()
        self.was_asked_for = True
        taken: bool = await self._answered(request, lambda _: False)
        if taken:
            self.renewed_at = sent_at
            self._see(record)
        return taken

    async def _answered(self, request: Awaitable[Any], failed: Callable[[str], Any]) -> Any:
        try:
            async with asyncio.timeout(self.terms.request_timeout_s):
                answer = await request
        except TimeoutError:
            self._liveness.unanswered(self._path)
            return failed("no answer in time")
        except UNANSWERED as error:
            self._liveness.failed(self._path, words_of(error))
            return failed(words_of(error))
        self._liveness.heard(self._path)
        return answer

    def _see(self, record: LeaderElectionRecord) -> None:
        if vars(record) != self._seen:
            self._seen, self._seen_at = dict(vars(record)), self._clock()

    def _note(self, trouble: str | None) -> None:
        """Logged once for each kind of trouble in a row."""
        if trouble and trouble != self._trouble:
            log.warning("Lease not read", extra={"lease": self._path, "error": trouble})
        self._trouble = trouble


def _failed(trouble: str) -> Answer:
    return False, ApiException(status=NO_ANSWER, reason=trouble)
