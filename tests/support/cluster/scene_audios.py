"""The objects of one namespace, as their user and as a test sees them."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from kubernetes import watch
from kubernetes.client import ApiClient, ApiException, CustomObjectsApi, EventsV1Api

from tests.support.running.emulator_thread import CASTER
from tests.support.tools.patience import PATIENCE_S, eventually

GROUP, VERSION, PLURAL = "live.alibabacloud.com", "v1alpha1", "castersceneaudios"
MERGE_PATCH = "application/merge-patch+json"
LONGEST_WATCH_S = 10
HANDS = 8
"""Requests at once, where there are many to make."""
LATER = "later"

Body = dict[str, Any]


def scene_of(name: str) -> str:
    """The scene that an object of this name has unless its spec says otherwise."""
    return f"scene-of-{name}"


def manifest(name: str, *, metadata: Body | None = None, **spec: Any) -> Body:
    usual = {"casterId": CASTER, "sceneId": scene_of(name)}
    if not {"followMode", "layers"} & spec.keys():
        usual["followMode"] = "AudioMixing"
    return {
        "apiVersion": f"{GROUP}/{VERSION}",
        "kind": "CasterSceneAudio",
        "metadata": {"name": name, **(metadata or {})},
        "spec": usual | spec,
    }


class SceneAudios:
    """Creates, changes and reads CasterSceneAudio objects as the administrator."""

    def __init__(self, client: ApiClient, namespace: str) -> None:
        self.namespace = namespace
        self._objects = CustomObjectsApi(client)
        self._events = EventsV1Api(client)
        self._place = (GROUP, VERSION, namespace, PLURAL)

    def create(self, name: str, *, metadata: Body | None = None, **spec: Any) -> Body:
        body = manifest(name, metadata=metadata, **spec)
        created: Body = self._objects.create_namespaced_custom_object(*self._place, body)
        return created

    def create_all(self, names: Iterable[str], **spec: Any) -> None:
        """Many at once, in no order."""
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(lambda name: self.create(name, **spec), names))

    def change_all(self, names: Iterable[str], **spec: Any) -> None:
        """Many at once, in no order."""
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(lambda name: self.change(name, **spec), names))

    def reasons(self) -> dict[str, str | None]:
        """What the status of each object tells of its present spec, by name."""
        found = self._objects.list_namespaced_custom_object(*self._place)["items"]
        return {each["metadata"]["name"]: present_reason_of(each) for each in found}

    def until_all_applied(self, *, within_s: float = PATIENCE_S) -> None:
        eventually(lambda: set(self.reasons().values()) <= {"Applied", "InSync"}, within_s=within_s)

    def read(self, name: str) -> Body | None:
        """None where there is none."""
        try:
            found: Body = self._objects.get_namespaced_custom_object(*self._place, name)
        except ApiException as error:
            if error.status == 404:
                return None
            raise
        return found

    def are_served(self) -> bool:
        """Whether the API server knows the kind by now."""
        try:
            self._objects.list_namespaced_custom_object(*self._place)
        except ApiException as error:
            if error.status == 404:
                return False
            raise
        return True

    def change(self, name: str, **spec: Any) -> Body:
        return self.patch(name, {"spec": spec})

    def patch(self, name: str, patch: Body) -> Body:
        changed: Body = self._objects.patch_namespaced_custom_object(
            *self._place, name, patch, _content_type=MERGE_PATCH
        )
        return changed

    def replace(self, name: str, **spec: Any) -> Body:
        """A PUT of the whole spec."""
        body = manifest(name, **spec)
        replaced: Body = self._objects.replace_namespaced_custom_object(
            *self._place, name, body | {"metadata": self._metadata(name)}
        )
        return replaced

    def _metadata(self, name: str) -> Body:
        body = self.read(name)
        assert body is not None
        found: Body = body["metadata"]
        return found

    def patch_status(self, name: str, status: Body | None, *, dry_run: bool = False) -> Body:
        """As somebody else would, or as an operator that ran before."""
        tried = {"dry_run": "All"} if dry_run else {}
        changed: Body = self._objects.patch_namespaced_custom_object_status(
            *self._place, name, {"status": status}, _content_type=MERGE_PATCH, **tried
        )
        return changed

    def delete(self, name: str) -> None:
        self._objects.delete_namespaced_custom_object(*self._place, name)

    def history(self, created: Body) -> list[Body]:
        """Each state of the object from its creation to now, however short it lasted."""
        name, uid = created["metadata"]["name"], created["metadata"]["uid"]
        now = self.read(name)
        assert now is not None
        states = [created]
        if version_of(now) == version_of(created):
            return states
        versions = watch.Watch()
        for event in versions.stream(
            self._objects.list_namespaced_custom_object,
            *self._place,
            field_selector=f"metadata.name={name}",
            resource_version=created["metadata"]["resourceVersion"],
            timeout_seconds=LONGEST_WATCH_S,
        ):
            if event["object"]["metadata"]["uid"] == uid:
                states.append(event["object"])
            if version_of(event["object"]) >= version_of(now):
                versions.stop()
        return states

    def statuses(self, created: Body) -> list[Body]:
        """Each status that was written since the object's creation, oldest first.

        But for those that only put on record, ahead of a first write, what that will replace.
        """
        written = [state["status"] for state in self.history(created)]
        changed = [after for before, after in pairwise(written) if after != before]
        return [each for each in changed if not is_queued(each)]

    def until(self, name: str, reason: str, *, within_s: float = PATIENCE_S) -> Body:
        """The object once its status tells this reason of its present spec."""
        return eventually(lambda: self._with_reason(name, reason), within_s=within_s)

    def until_applied(self, name: str, *, within_s: float = PATIENCE_S) -> Body:
        """Once its present spec was sent, or the scene found as it says."""
        return eventually(
            lambda: self._with_reason(name, "Applied") or self._with_reason(name, "InSync"),
            within_s=within_s,
        )

    def settle(self) -> None:
        """Return once the operator has dealt with all that there was to be seen before.

        It does so with a further object. The change of that one can reach the operator only after
        all that it lists at its start, and the call for it stands in line behind all others.
        """
        self.create(LATER)
        self.until_applied(LATER)
        self.change(LATER, followMode="AudioFollowsVideo")
        self.until_applied(LATER)

    def events(self, name: str) -> list[Any]:
        """Those that regard the object, oldest first."""
        found = self._events.list_namespaced_event(self.namespace).items
        regarding = [event for event in found if event.regarding.name == name]
        return sorted(regarding, key=lambda event: event.event_time)

    def _with_reason(self, name: str, reason: str) -> Body | None:
        body = self.read(name)
        return body if body and present_reason_of(body) == reason else None


def present_reason_of(body: Body) -> str | None:
    """The reason of Ready, where it is told of the present spec."""
    status = body["status"]
    if status["observedGeneration"] != body["metadata"]["generation"]:
        return None
    return reason_of(status)


def version_of(body: Body) -> int:
    """Grows with each write, whichever object it is of."""
    return int(body["metadata"]["resourceVersion"])


def conditions_of(status: Body) -> dict[str, Body]:
    """By type."""
    return {each["type"]: each for each in status.get("conditions", ())}


def reason_of(status: Body) -> str | None:
    """The reason of Ready."""
    ready = conditions_of(status).get("Ready")
    return None if ready is None else ready["reason"]


def is_queued(status: Body) -> bool:
    return any(each["reason"] == "Queued" for each in status.get("conditions", ()))
