"""The objects that are known, and which of them use which credentials."""

from collections import Counter
from dataclasses import replace

from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.plan import Plan
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import Recorded
from caster_scene_audio.reconciler.keyring import Source
from caster_scene_audio.reconciler.queue import SceneKey, scene_key


class Roster:
    """A memory and nothing else: what follows from a change is the controller's."""

    def __init__(self) -> None:
        self._objects: dict[str, SceneAudio] = {}
        self._users: dict[Source, set[str]] = {}
        self._for_scene: dict[SceneKey, set[str]] = {}
        self._writers: dict[SceneKey, str] = {}

    def __len__(self) -> int:
        return len(self._objects)

    @property
    def uids(self) -> frozenset[str]:
        return frozenset(self._objects)

    def uids_in(self, namespace: str | None) -> frozenset[str]:
        """Of the objects of one namespace; None: of all."""
        return frozenset(
            uid for uid, each in self._objects.items() if namespace in {None, each.ref.namespace}
        )

    @property
    def reasons(self) -> Counter[str | None]:
        """How many objects have which reason of Ready; None: nothing was reported yet."""
        return Counter(each.status.reason for each in self._objects.values())

    def get(self, uid: str) -> SceneAudio | None:
        return self._objects.get(uid)

    def users_of(self, source: Source) -> frozenset[str]:
        """The uids of the objects that use these credentials."""
        return frozenset(self._users.get(source, ()))

    def written_by(self, seen: SceneAudio) -> frozenset[str]:
        """The scene is written for this object; give the uids of others for it, each time once."""
        scene = _scene_of(seen)
        if scene is None or self._writers.get(scene) == seen.ref.uid:
            return frozenset()
        self._writers[scene] = seen.ref.uid
        return frozenset(self._for_scene.get(scene, ())) - {seen.ref.uid}

    def take_in(self, seen: SceneAudio) -> None:
        """Remember the object as seen. Of one that is known, its own status is kept.

        The watch may lag behind our own writes: only an object seen for the first time is
        believed its recorded status. That is how a restart knows what is done.
        """
        uid = seen.ref.uid
        known = self._objects.get(uid)
        if known:
            seen = replace(
                seen,
                status=known.status,
                plan=known.plan,
                recorded=known.recorded,
                version=max(known.version, seen.version),
            )
        else:
            seen = replace(seen, recorded=seen.status)
        self._objects[uid] = seen
        self._use(uid, before=known, after=seen)

    def conclude(self, uid: str, status: Status, plan: Plan) -> None:
        """What became of the object."""
        self._objects[uid] = replace(self._objects[uid], status=status, plan=plan)

    def wake(self, uid: str) -> None:
        """Whatever the object waits for after a failure, it waits no longer."""
        if known := self._objects.get(uid):
            self._objects[uid] = replace(known, plan=known.plan.at_once())

    def record(self, uid: str, recorded: Recorded) -> None:
        """What the API server has of the object, and from which version on."""
        known = self._objects[uid]
        version = max(known.version, recorded.version)
        self._objects[uid] = replace(known, recorded=recorded.status, version=version)

    def remove(self, uid: str) -> None:
        """Forget the object."""
        self._use(uid, before=self._objects.pop(uid, None), after=None)

    def _use(self, uid: str, *, before: SceneAudio | None, after: SceneAudio | None) -> None:
        """Secrets and scenes by the objects that name them."""
        self._move(uid, before=_scene_of(before), after=_scene_of(after))
        if before and after and before.secret == after.secret:
            return
        if after:
            self._users.setdefault(after.secret, set()).add(uid)
        if before:
            self._users[before.secret].discard(uid)
            if not self._users[before.secret]:
                del self._users[before.secret]

    def _move(self, uid: str, *, before: SceneKey | None, after: SceneKey | None) -> None:
        if before == after:
            return
        if after:
            self._for_scene.setdefault(after, set()).add(uid)
        if before:
            self._for_scene[before].discard(uid)
            if not self._for_scene[before]:
                del self._for_scene[before]
                self._writers.pop(before, None)


def _scene_of(seen: SceneAudio | None) -> SceneKey | None:
    if seen is None or not isinstance(seen.spec, SceneAudioSpec):
        return None
    return scene_key(seen.spec)
