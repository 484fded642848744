"""Whether all is well: each studio as its spec says, each status true, nobody stuck."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.chaos.audio import audio_in, audio_of, without_filters
from tests.support.chaos.cluster_faults import FOREIGN_REQUEST
from tests.support.chaos.journal import Journal
from tests.support.chaos.patience import TROUBLE
from tests.support.chaos.player import LIVE_TIMEOUT_S, QUOTA
from tests.support.chaos.theatre import Theatre
from tests.support.chaos.users import REQUESTED
from tests.support.cluster.scene_audios import Body, conditions_of
from tests.support.running.emulator_thread import CASTER

DONE = frozenset({"Applied", "InSync", "DriftCorrected"})
DEFECT = "defect"


@dataclass(frozen=True)
class Complaint:
    """What is wrong, in words; of which object, where it is about one."""

    words: str
    body: Body | None = None


@dataclass(frozen=True)
class Verdict:
    theatre: Theatre

    def now(self) -> list[Complaint]:
        """All that isn't as it should be once the weather is fair; empty: all is well."""
        try:
            return [*self._of_objects(), *self._of_replicas()]
        except TROUBLE as trouble:
            return [Complaint(f"the API server can't be asked: {trouble}")]

    def of_the_past(self) -> list[Complaint]:
        """What can't be mended by waiting."""
        journal = self.journal()
        words = [*journal.overlaps(), *journal.crowds(QUOTA), *self._defects()]
        return [Complaint(each) for each in words]

    def journal(self) -> Journal:
        return Journal(
            calls=self.theatre.live.calls(action=None),
            patience_s=LIVE_TIMEOUT_S,
            woken_at={each.replica.name: each.woken_at for each in self.theatre.players},
        )

    def _of_objects(self) -> Iterator[Complaint]:
        scenes, journal = self.theatre.live.scenes(CASTER), self.journal()
        for body in self._objects():
            scene = body["spec"]["sceneId"]
            for words in amiss(body, scenes.get(scene), journal.taken(scene)):
                yield Complaint(f"{_name(body)}: {words}", body)

    def _objects(self) -> list[Body]:
        ours = {each.namespace for each in self.theatre.studios}
        found = self.theatre.plane.kubectl(
            "get", "csa", "--all-namespaces", "--output=json", "--request-timeout=10s"
        )
        return [
            each for each in json.loads(found)["items"] if each["metadata"]["namespace"] in ours
        ]

    def _of_replicas(self) -> Iterator[Complaint]:
        players = self.theatre.players
        for each in players:
            status, told = each.replica.web.ask("/readyz")
            if status != 200 or "[-]" in told:
                yield Complaint(f"replica {each.replica.name} is not ready ({status}): {told}")
        if (leaders := sum(each.replica.is_serving() for each in players)) != 1:
            yield Complaint(f"{leaders} replicas say that they lead")

    def _defects(self) -> Iterator[str]:
        for each in self.theatre.players:
            for line in each.process.log.splitlines():
                if DEFECT in line:
                    yield f"replica {each.replica.name} met a defect: {line}"


def _name(body: Body) -> str:
    return f"{body['metadata']['namespace']}/{body['metadata']['name']}"


def amiss(body: Body, scene: Body | None, taken: Mapping[str, Any]) -> Iterator[str]:
    spec, status, generation = body["spec"], body["status"], body["metadata"]["generation"]
    conditions = conditions_of(status)
    told = {status["observedGeneration"], *(c["observedGeneration"] for c in conditions.values())}
    ready = conditions.get("Ready", {"reason": None, "status": None})
    if told != {generation}:
        yield f"generation is {generation}, and its status tells of {sorted(told)}"
    if spec.get("suspend"):
        if ready["reason"] != "Suspended":
            yield f"it is suspended, and its reason is {ready['reason']}"
        return
    if ready["reason"] not in DONE or ready["status"] != "True":
        yield f"it is not done: {ready['reason']}, Ready {ready['status']}"
    if others := conditions.keys() & {"Reconciling", "Stalled", "Suspended", "Drifted"}:
        yield f"it is {', '.join(sorted(others))}"
    yield from _untrue(spec, status, scene, taken)
    asked = body["metadata"].get("annotations", {}).get(REQUESTED)
    if asked is not None and status.get("lastHandledReconcileAt") != asked:
        yield f"the request {asked} is not echoed: {status.get('lastHandledReconcileAt')}"


def _untrue(
    spec: Body, status: Body, scene: Body | None, taken: Mapping[str, Any]
) -> Iterator[str]:
    wanted, applied = audio_of(spec), status.get("applied")
    if scene is None:
        yield "its scene was never called for"
    elif (has := audio_in(scene, wanted)) != wanted and (
        applied is not None or without_filters(has) != without_filters(wanted)
    ):  # what was adopted keeps its filters
        yield f"its scene has {json.dumps(has)} and should have {json.dumps(wanted)}"
    if applied is not None and (sent := audio_of(applied)) != wanted:
        yield f"its status says that {json.dumps(sent)} was sent, not {json.dumps(wanted)}"
    request = status.get("requestId")
    # Overwritten while no replica served, a RequestId can't be known from a true one.
    if request not in {None, FOREIGN_REQUEST, *taken}:
        yield f"the service knows no successful update {request} of its scene"
    if applied is not None and request is None:
        yield "something was applied, and no RequestId is told"
