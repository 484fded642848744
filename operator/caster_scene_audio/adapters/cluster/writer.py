"""The API server as the reconciler's `Cluster`: statuses, Events, and who is alive."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any

from kubernetes.aio.client import ApiException

from caster_scene_audio.adapters.cluster.api_server import JSON_PATCH, ApiServer
from caster_scene_audio.adapters.cluster.errors import UNANSWERED, unanswered, unavailable, words_of
from caster_scene_audio.adapters.cluster.events import EventRecorder
from caster_scene_audio.domain.body import ref_from, slim, status_body, status_from, version_of
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.objects import GROUP, PLURAL, VERSION, ObjectRef
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import LIST_PAGE, ClusterUnavailable, ObjectGone, Recorded

TIMEOUT_S = 30.0
MANAGED = {"fieldManager": "caster-scene-audio-operator"}
OURS = f"/apis/{GROUP}/{VERSION}"


class KubernetesCluster:
    """Implements `ports.Cluster`, and lists objects."""

    def __init__(
        self, api: ApiServer, *, events: EventRecorder, selector: str | None = None
    ) -> None:
        """`selector`: of labels; objects that don't fit are in no list."""
        self._api = api
        self._events = events
        self._selector = selector

    async def write_status(self, ref: ObjectRef, status: Status) -> Recorded:
        """One patch of `/status`, whole. A namesake that was made meanwhile refuses it.

        A merge patch can't say that: the API server ignores the uid in a patch of a status, and
        the new object would pass for applied with what the old one got.
        """
        patch = [
            {"op": "test", "path": "/metadata/uid", "value": ref.uid},
            {"op": "add", "path": "/status", "value": status_body(status)},
        ]
        try:
            body = await _answered(
                self._api.patch(
                    f"{_all_of(ref.namespace)}/{ref.name}/status",
                    patch,
                    MANAGED,
                    kind=JSON_PATCH,
                    timeout_s=TIMEOUT_S,
                )
            )
        except ApiException as error:
            # A webhook or policy may refuse with the same status as the test of the uid does.
            if error.status in {404, 422} and await self._is_gone(ref):
                raise ObjectGone(str(ref)) from None
            raise ClusterUnavailable(words_of(error)) from None
        return Recorded(status_from(body.get("status")), version_of(body))

    async def _is_gone(self, ref: ObjectRef) -> bool:
        """Whether the API server has no object of this uid; raises ClusterUnavailable.

        Asked by a list of one, for the operator has no right to get an object.
        """
        try:
            found = await _answered(
                self._api.get(
                    _all_of(ref.namespace),
                    {"fieldSelector": f"metadata.name={ref.name}"},
                    timeout_s=TIMEOUT_S,
                )
            )
        except ApiException as error:
            if error.status == 404:
                return True
            raise ClusterUnavailable(words_of(error)) from None
        return all(ref_from(body).uid != ref.uid for body in found["items"])

    async def announce(self, ref: ObjectRef, event: ObjectEvent) -> None:
        await self._events.record(ref, event)

    async def check_listable(self, namespace: str | None) -> None:
        """Whether objects can be listed; raises ClusterRefused or ClusterUnavailable."""
        await self._page(namespace, None, limit=1)

    async def living(self, namespace: str | None) -> frozenset[str]:
        """The uids of all objects of the namespace that are there now; raises as `bodies`."""
        return frozenset([body["metadata"]["uid"] async for body in self.bodies(namespace)])

    async def bodies(self, namespace: str | None) -> AsyncIterator[dict[str, Any]]:
        """Every object of the namespace (None: of all) that is there now.

        Raises ClusterRefused or ClusterUnavailable.
        """
        page_from: str | None = None
        while True:
            page = await self._page(namespace, page_from)
            page_from = page["metadata"].get("continue")
            bodies = [slim(body) for body in page["items"]]
            del page  # or it would be held while the next one is read
            for body in bodies:
                yield body
            if not page_from:
                break

    async def _page(
        self, namespace: str | None, page_from: str | None, *, limit: int = LIST_PAGE
    ) -> dict[str, Any]:
        asked = {"limit": f"{limit}", "labelSelector": self._selector, "continue": page_from}
        query = {name: value for name, value in asked.items() if value}
        try:
            return await _answered(self._api.get(_all_of(namespace), query, timeout_s=TIMEOUT_S))
        except ApiException as error:
            raise unavailable(error) from None


def _all_of(namespace: str | None) -> str:
    return f"{OURS}/{PLURAL}" if namespace is None else f"{OURS}/namespaces/{namespace}/{PLURAL}"


async def _answered(request: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """The answer, or ClusterUnavailable where none came; an answer that refuses passes."""
    try:
        return await request
    except UNANSWERED as error:
        raise unanswered(error) from None
