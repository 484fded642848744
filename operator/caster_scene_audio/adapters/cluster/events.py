"""Kubernetes Events (events.k8s.io/v1): what repeats becomes a series, not another Event."""

import logging
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from kubernetes.aio.client import ApiException

from caster_scene_audio.adapters.cluster.api_server import MERGE_PATCH, ApiServer
from caster_scene_audio.adapters.cluster.errors import FAILED, words_of
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.objects import API_VERSION, GROUP, KIND, ObjectRef

log = logging.getLogger(__name__)

EVENTS, CORE = "/apis/events.k8s.io/v1", "/api/v1"
"""Both have the same Events."""

REPORTING_CONTROLLER = f"{GROUP}/caster-scene-audio-operator"
NOTE_LIMIT = 1024
"""Bytes of a note that the API server takes."""

REMEMBERED = 4096
"""Events that are remembered in order to be counted up; the oldest is forgotten first."""

MOST_APART = 10
"""Changes of an object within SERIES_S that have an Event each; further ones renew the last."""

SERIES_S = 600.0

TIMEOUT_S = 10.0


@dataclass(slots=True)
class _Told:
    name: str
    count: int


@dataclass(slots=True)
class _Changes:
    """When the last changes of an object were told, each by an Event of its own; and the newest."""

    times: deque[datetime] = field(default_factory=lambda: deque(maxlen=MOST_APART))
    newest: _Told | None = None

    def are_many(self, now: datetime) -> bool:
        return len(self.times) == MOST_APART and ((now - self.times[0]).total_seconds() < SERIES_S)


class EventRecorder:
    """Tells what happens to objects. An Event that can't be written is logged and lost."""

    def __init__(self, api: ApiServer, *, instance: str, now: Callable[[], datetime]) -> None:
        self._api = api
        self._instance = instance
        self._now = now
        self._told: OrderedDict[tuple[str, str, str], _Told] = OrderedDict()
        self._changes: OrderedDict[str, _Changes] = OrderedDict()

    async def record(self, ref: ObjectRef, event: ObjectEvent) -> None:
        try:
            await self._tell(ref, event)
        except FAILED as error:
            log.warning(
                "Event not written",
                extra={
                    "object": str(ref),
                    "reason": event.reason,
                    "error": words_of(error),
                },
            )

    async def _tell(self, ref: ObjectRef, event: ObjectEvent) -> None:
        if event.tells_change:
            await self._tell_change(ref, event)
        else:
            await self._tell_state(ref, event)

    async def _tell_change(self, ref: ObjectRef, event: ObjectEvent) -> None:
        """A fader that is moved all evening is one series, whose note is the newest."""
        changes, now = self._changes.setdefault(ref.uid, _Changes()), self._now()
        self._changes.move_to_end(ref.uid)
        many = changes.newest if changes.are_many(now) else None
        if many and await self._renewed(ref, many, event.note):
            return
        changes.newest = await self._created(ref, event)
        changes.times.append(now)
        while len(self._changes) > REMEMBERED:
            self._changes.popitem(last=False)

    async def _tell_state(self, ref: ObjectRef, event: ObjectEvent) -> None:
        key = (ref.uid, event.reason, event.note)
        told = self._told.get(key)
        if told and await self._counted_up(ref, told):
            self._told.move_to_end(key)
            return
        self._told[key] = await self._created(ref, event)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)

    async def _counted_up(self, ref: ObjectRef, told: _Told) -> bool:
        """Whether the Event is still there: the API server lets them expire."""
        return await self._patched(EVENTS, ref, told, {})

    async def _renewed(self, ref: ObjectRef, told: _Told, note: str) -> bool:
        """Likewise, with another note: only the older form of the same API takes one."""
        return await self._patched(CORE, ref, told, {"message": _bounded(note)})

    async def _patched(self, api: str, ref: ObjectRef, told: _Told, news: dict[str, str]) -> bool:
        """False where the Event is gone, or a right of an older installation doesn't go so far."""
        series = {"count": told.count + 1, "lastObservedTime": _micro_time(self._now())}
        try:
            await self._api.patch(
                f"{api}/namespaces/{ref.namespace}/events/{told.name}",
                {"series": series, **news},
                kind=MERGE_PATCH,
                timeout_s=TIMEOUT_S,
            )
        except ApiException as error:
            if error.status in {403, 404}:
                return False
            raise
        told.count += 1
        return True

    async def _created(self, ref: ObjectRef, event: ObjectEvent) -> _Told:
        name = f"{ref.name[:200]}.{uuid4().hex[:16]}"
        body = {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": ref.namespace},
            "eventTime": _micro_time(self._now()),
            "reportingController": REPORTING_CONTROLLER,
            "reportingInstance": self._instance,
            "action": "UpdateSceneAudio",
            "reason": event.reason,
            "type": "Warning" if event.warning else "Normal",
            "note": _bounded(event.note),
            "regarding": {
                "apiVersion": API_VERSION,
                "kind": KIND,
                "namespace": ref.namespace,
                "name": ref.name,
                "uid": ref.uid,
            },
        }
        path = f"{EVENTS}/namespaces/{ref.namespace}/events"
        await self._api.post(path, body, timeout_s=TIMEOUT_S)
        return _Told(name, count=1)


def _bounded(note: str) -> str:
    return note.encode()[:NOTE_LIMIT].decode(errors="ignore")


def _micro_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
