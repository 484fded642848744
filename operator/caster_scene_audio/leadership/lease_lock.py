"""How the election reads and writes its Lease: bounded in time, by a clock that nobody sets."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any

from kubernetes.aio.client import ApiClient, ApiException, V1Lease, V1ObjectMeta
from kubernetes.aio.leaderelection.leaderelectionrecord import LeaderElectionRecord
from kubernetes.aio.leaderelection.resourcelock.leaselock import LeaseLock
from typing_extensions import override

from caster_scene_audio.adapters.cluster.errors import UNANSWERED, words_of
from caster_scene_audio.health import Liveness
from caster_scene_audio.leadership.terms import LeaseTerms
from caster_scene_audio.leadership.trouble import Troubles

Answer = tuple[bool, Any]

NO_ANSWER = 0
"""Stands for the status of an answer that didn't come."""

NOT_READ, NOT_CREATED, NOT_UPDATED = "Lease not read", "Lease not created", "Lease not updated"
WRITES = NOT_CREATED, NOT_UPDATED

OVERTAKEN = "somebody else was first"
"""Stands for the trouble of a write that came second, which is none."""


class BoundedLeaseLock(LeaseLock):  # type: ignore[misc]  # of a package without types
    """The official lock, but its requests end, and it raises nothing.

    The election measures how long another's Lease lasts by the wall clock. Here `clock` decides,
    which nobody sets: one that is set ahead must not make two leaders, nor one set back none.
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
        self.has_lapsed = False
        """Whether a renewal came later than our Lease lasted: for a while it may have been another's."""
        self._path = f"lease {terms.namespace}/{terms.name}"
        self._liveness = liveness
        self._clock = clock
        self._seen: dict[str, str | None] = {}
        self._seen_at = -inf
        self._troubles = Troubles(self._path, clock=clock)

    @property
    def has_trouble(self) -> bool:
        """Whether the Lease can't be read or written now."""
        return self._troubles.are_there

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
        if is_known:
            self._troubles.over(NOT_READ)
            self._remember_writes()
        else:
            self._troubles.met(NOT_READ, words_of(answer))
        return found, answer

    @override
    async def create(
        self, name: str, namespace: str, election_record: LeaderElectionRecord
    ) -> bool:
        request = self._created(namespace, election_record)
        return await self._taken(NOT_CREATED, request, election_record)

    @override
    async def update(self, name: str, namespace: str, updated_record: LeaderElectionRecord) -> bool:
        if self.is_anothers:
            return False
        return await self._taken(NOT_UPDATED, self._updated(updated_record), updated_record)

    async def give_back(self) -> None:
        """Name no holder any more, where it is ours; raises what the client raises."""
        lease = await self.api_instance.read_namespaced_lease(self.name, self.namespace)
        if lease.spec.holder_identity == self.identity:
            lease.spec.holder_identity = None
            await self.api_instance.replace_namespaced_lease(self.name, self.namespace, lease)

    async def _created(self, namespace: str, record: LeaderElectionRecord) -> None:
        """In place of the official one, which gives its own client a `pretty` that it refuses."""
        lease = V1Lease(metadata=V1ObjectMeta(name=self.name), spec=self.update_lease(record))
        await self.api_instance.create_namespaced_lease(namespace, lease)

    async def _updated(self, record: LeaderElectionRecord) -> None:
        """In place of the official one, which keeps to itself why the API server refuses."""
        lease = self.lease_reference
        lease.spec = self.update_lease(record, lease.spec)
        await self.api_instance.replace_namespaced_lease(self.name, self.namespace, lease)

    async def _taken(
        self, sentence: str, request: Awaitable[None], record: LeaderElectionRecord
    ) -> bool:
        sent_at = self._clock()
        self.was_asked_for = True
        was_answered, trouble = await self._answered(
            _refusal(request), lambda words: (False, words)
        )
        if trouble and trouble != OVERTAKEN:
            self._troubles.met(sentence, trouble)
        else:
            self._troubles.over(*WRITES)
        if was_answered:
            self._remember_writes()
        if trouble:
            return False
        self.has_lapsed |= sent_at >= self.renewed_at + self.terms.renew_deadline_s
        self.renewed_at = sent_at
        self._see(record)
        return True

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

    def _remember_writes(self) -> None:
        """Who was answered, but can't write the Lease, can't take over, and isn't well."""
        if self.is_anothers:  # whether a write would be refused now isn't known
            self._troubles.over(*WRITES)
        if told := self._troubles.told(*WRITES):
            self._liveness.failed(self._path, told)


async def _refusal(request: Awaitable[None]) -> tuple[bool, str | None]:
    """That an answer came, and why it is a refusal; None: it isn't."""
    try:
        await request
    except ApiException as error:
        return True, OVERTAKEN if error.status == 409 else words_of(error)
    return True, None


def _failed(trouble: str) -> Answer:
    return False, ApiException(status=NO_ANSWER, reason=trouble)
