"""An API server in memory: objects with their statuses, and a watch that tells them in order."""

import asyncio
import copy
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from caster_scene_audio.domain.body import status_body, status_from, version_of
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.objects import RECONCILE_REQUEST, ObjectRef
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import ClusterUnavailable, ObjectGone, Recorded

Body = dict[str, Any]


async def _on(point: str) -> None:
    """Nothing comes between."""


@dataclass
class WatchedCluster:
    """Statuses are checked as they are written; what is wrong is kept for the test to see.

    In an outage nothing is taken; `loses_answers`: a write is stored all the same.
    """

    later: Callable[[float, Callable[[], None]], object]
    """Calls in so many seconds."""
    told: Callable[[str, Body | None], None] = lambda uid, body: None
    tried: Callable[[ObjectRef, Status], None] = lambda ref, status: None
    """Is told of every status that the operator wants written."""
    passes: Callable[[str], Awaitable[None]] = _on
    """Is told where in a request it is: others act there, or the operator ends."""
    found_gone: Callable[[str], object] = str
    """Takes the uid of an object to which a status was to be written, too late."""
    bodies: dict[str, Body] = field(default_factory=dict)
    lag_s: float = 0.02
    """Of the watch behind a write."""
    is_down: bool = False
    loses_answers: bool = False
    refused: set[str] = field(default_factory=set)
    """The uids of objects whose status alone is not taken."""
    news: deque[Callable[[], None]] = field(default_factory=deque)
    unwritten: set[str] = field(default_factory=set)
    writes: int = 0
    version: int = 100
    wrong: list[str] = field(default_factory=list)
    prunes: set[str] = field(default_factory=set)
    """Fields of a status that its CRD doesn't know."""
    history: dict[str, list[Body]] = field(default_factory=dict)
    """Every object as it ever was, in order."""

    def create(self, *, namespace: str, uid: str, created: str, spec: Body) -> None:
        self.bodies[uid] = {
            "metadata": {
                "namespace": namespace,
                "name": f"object-{uid}",
                "uid": uid,
                "generation": 1,
                "creationTimestamp": created,
                "annotations": {},
            },
            "spec": spec,
            "status": {"observedGeneration": -1},
        }
        self._tell(uid)

    def change(self, uid: str, spec: Body) -> None:
        """A spec that says the same is no new generation."""
        body = self.bodies[uid]
        if body["spec"] != spec:
            body["spec"] = spec
            body["metadata"]["generation"] += 1
        self._tell(uid)

    def say_again(self, uid: str) -> None:
        """The same spec in other words: a new generation, in which each whole number is a float."""
        body = self.bodies[uid]
        body["spec"] = _in_other_words(body["spec"])
        body["metadata"]["generation"] += 1
        self._tell(uid)

    def ask(self, uid: str, value: str) -> None:
        self.bodies[uid]["metadata"]["annotations"][RECONCILE_REQUEST] = value
        self._tell(uid)

    def label(self, uid: str) -> None:
        """A change that is nothing to the operator."""
        self._tell(uid)

    def overwrite(self, uid: str, status: Body | None) -> None:
        """Another writer puts this in the status's place, or takes it away."""
        if status is None:
            self.bodies[uid].pop("status", None)
        else:
            self.bodies[uid]["status"] = status
        self._tell(uid)

    def delete(self, uid: str) -> None:
        del self.bodies[uid]
        self._tell(uid)

    async def write_status(self, ref: ObjectRef, status: Status) -> Recorded:
        await asyncio.sleep(0)
        self.unwritten.add(ref.uid)
        self.tried(ref, status)
        await self.passes("status sent")
        is_refused = self.is_down or ref.uid in self.refused
        if is_refused and not self.loses_answers:
            raise ClusterUnavailable("no route to host")
        if ref.uid not in self.bodies:
            self.unwritten.discard(ref.uid)
            self.found_gone(ref.uid)
            raise ObjectGone
        stored = self._store(ref, status)
        await self.passes("status stored")
        if is_refused:
            raise ClusterUnavailable("the answer was lost")
        self.unwritten.discard(ref.uid)
        return stored

    async def announce(self, ref: ObjectRef, event: ObjectEvent) -> None:
        await self.passes("event")

    def _store(self, ref: ObjectRef, status: Status) -> Recorded:
        body, written = self.bodies[ref.uid], status_body(status)
        self._check(body, written)
        self.writes += 1
        body["status"] = {name: value for name, value in written.items() if name not in self.prunes}
        self._tell(ref.uid)
        return Recorded(status_from(body["status"]), version_of(body))

    def _check(self, body: Body, written: Body) -> None:
        observed = written["observedGeneration"]
        before = (body.get("status") or {}).get("observedGeneration", -1)
        if not before <= observed <= body["metadata"]["generation"]:
            self.wrong.append(f"generation {observed} was written after {before}")
        if "Ready" not in [each["type"] for each in written["conditions"]]:
            self.wrong.append("a status was written without Ready")
        if any(each["observedGeneration"] != observed for each in written["conditions"]):
            self.wrong.append("a condition speaks of another generation than its status")

    def _tell(self, uid: str) -> None:
        """The object as it is now, as its next version; None where it is gone."""
        self.version += 1
        if uid in self.bodies:
            self.bodies[uid]["metadata"]["resourceVersion"] = f"{self.version}"
        body = copy.deepcopy(self.bodies.get(uid))
        if body is not None:
            self.history.setdefault(uid, []).append(body)
        self.news.append(partial(self.told, uid, body))
        self.later(self.lag_s, self._hand_on)

    def _hand_on(self) -> None:
        """One piece of news; which is not the timer's matter, as those of one moment have no order."""
        self.news.popleft()()


def _in_other_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _in_other_words(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_in_other_words(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
