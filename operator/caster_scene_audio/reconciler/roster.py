"""The objects that are known, and which of them use which Secret."""

from collections import Counter
from dataclasses import replace

from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.plan import Plan
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import Recorded
from caster_scene_audio.reconciler.queue import SceneKey, scene_key


class Roster:
    """A memory and nothing else: what follows from a change is the controller's."""

    def __init__(self) -> None:
        self._objects: dict[str, SceneAudio] = {}
        self._users: dict[SecretRef, set[str]] = {}
        self._claims: dict[SceneKey, set[str]] = {}

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

    def users_of(self, secret: SecretRef) -> frozenset[str]:
        """The uids of the objects that name the Secret."""
        return frozenset(self._users.get(secret, ()))

    def holder_over(self, seen: SceneAudio) -> SceneAudio | None:
        """The object that holds the scene before this one; None where this one may."""
        oldest = min(self._rivals(seen), key=lambda each: each.seniority, default=seen)
        return oldest if oldest.seniority < seen.seniority else None

    def take_in(self, seen: SceneAudio) -> frozenset[str]:
        """Remember the object as seen; give the uids of those whose scene it newly claims or leaves.

        Of an object that is known, its own status is kept.

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
        self._use(uid, before=known.secret if known else None, after=seen.secret)
        return self._claim(uid, before=_claim_of(known), after=_claim_of(seen))

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

    def remove(self, uid: str) -> frozenset[str]:
        """Forget the object; give the uids of those whose scene it leaves."""
        known = self._objects.pop(uid, None)
        if known is None:
            return frozenset()
        self._use(uid, before=known.secret, after=None)
        return self._claim(uid, before=_claim_of(known), after=None)

    def _claim(
        self, uid: str, *, before: SceneKey | None, after: SceneKey | None
    ) -> frozenset[str]:
        """The uids of the others for the scene that is left, and for the one that is claimed."""
        if before == after:
            return frozenset()
        if before is not None:
            self._claims[before].discard(uid)
            if not self._claims[before]:
                del self._claims[before]
        if after is not None:
            self._claims.setdefault(after, set()).add(uid)
        scenes = (before, after)
        others = (self._claims.get(scene, set()) for scene in scenes if scene is not None)
        return frozenset().union(*others) - {uid}

    def _rivals(self, seen: SceneAudio) -> list[SceneAudio]:
        claim = _claim_of(seen)
        return [self._objects[uid] for uid in self._claims.get(claim, ())] if claim else []

    def _use(self, uid: str, *, before: SecretRef | None, after: SecretRef | None) -> None:
        if before == after:
            return
        if after is not None:
            self._users.setdefault(after, set()).add(uid)
        if before is not None:
            self._users[before].discard(uid)
            if not self._users[before]:
                del self._users[before]


def _claim_of(seen: SceneAudio | None) -> SceneKey | None:
    """The scene that the object is for; None where its spec can't be read."""
    if seen is None or not isinstance(seen.spec, SceneAudioSpec):
        return None
    return scene_key(seen.spec)
