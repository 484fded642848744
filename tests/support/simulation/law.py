"""The law: what may be called and told, judged by all that was seen from outside."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from caster_scene_audio.domain.audio import ObservedAudio, SceneRef, audio_as_spec
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.domain.changes import replaced_audio
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.objects import ObjectRef, SceneAudio
from caster_scene_audio.domain.reasons import SETTLED, Reason
from caster_scene_audio.domain.spec import AppliedAudio, Drift, Mode, OnAir, SceneAudioSpec
from caster_scene_audio.domain.status import Status
from tests.support.simulation.fakes import KEY
from tests.support.simulation.likeness import is_like, is_unlike
from tests.support.simulation.watched_cluster import WatchedCluster
from tests.support.simulation.watched_studio import LIST, READ, UPDATE, WatchedStudio

Audio = dict[str, Any]


@dataclass
class Law:
    """Every update has one of four causes, and nothing is told that was not so.

    It is made anew for each operator that runs, but for what it says of an object's whole life.
    """

    now: Callable[[], float]
    studio: WatchedStudio
    cluster: WatchedCluster
    wrong: list[str]
    seen: dict[str, SceneAudio] = field(default_factory=dict)
    """The objects as the running operator was told of them."""
    callers: dict[str, SceneAudio] = field(default_factory=dict)
    """The objects as they were when their calls were made: keys of two accounts may call for one scene."""
    overwritten: set[str] = field(default_factory=set)
    """Objects whose scene was last written for another."""
    accounts: dict[SecretRef | None, str | None] = field(default_factory=dict)
    """Whose credentials each source was last told to hold; None: it holds none."""
    concluded: dict[str, AppliedAudio] = field(default_factory=dict)
    """The audio that was sent or found for each object, and told so."""
    proved: set[tuple[str, AppliedAudio]] = field(default_factory=set)
    """What each object's scene was read to have."""
    ever_proved: set[tuple[str, AppliedAudio]] = field(default_factory=set)
    """Likewise, whatever operator ran then."""
    failed: set[str] = field(default_factory=set)
    """Objects whose last update has no good answer."""
    requests: dict[str, str | None] = field(default_factory=dict)
    """The last reconcile request of each object."""
    asked_for: set[str] = field(default_factory=set)
    """Objects whose last request no update has answered."""
    had: dict[str, list[Audio]] = field(default_factory=dict)
    """What the scene of each object was told to have, before the first update for it."""
    written_for: set[str] = field(default_factory=set)
    is_memory_lost: set[str] = field(default_factory=set)
    """Objects whose status was lost: what their scene had can't be known any more."""
    troubled: set[str] = field(default_factory=set)
    """Objects whose status was not taken at some time."""
    tried: dict[str, Status] = field(default_factory=dict)

    def begin_anew(self) -> None:
        """All that an operator knew is lost; a new one begins with what is on record."""
        for uid, status in self._recorded().items():
            had_nothing = status.replaced is None and status.request_id is None
            if uid in self.written_for and had_nothing:
                self.is_memory_lost.add(uid)
        self.tried.clear()
        self.accounts.clear()
        self.concluded.clear()
        self.proved.clear()
        self.asked_for.clear()
        self.requests.clear()
        for uid, status in self._recorded().items():
            self.requests[uid] = status.last_handled_reconcile_at
            self._conclude(uid, status)
            self._find_again(uid, status)
        self.changed()

    def objection(
        self, action: str, scene: SceneRef, wanted: SceneAudioSpec | None, signer: Credentials
    ) -> str | None:
        """Of those that may write a scene only the oldest has calls made; who observes only reads."""
        holder = self.seen.get(_uid_of_caller())
        if holder is None or not isinstance(holder.spec, SceneAudioSpec):
            return "there is no object for it"
        self.callers[holder.ref.uid] = holder
        self._forget_what_was_said_before(holder.ref.uid, holder.spec)
        if holder.spec.suspend:
            return "the object is suspended"
        if holder.spec.mode is Mode.MANAGE and not self._holds(holder):
            return "another object holds the scene"
        expected = (KEY.access_key_id, "renewed-") if holder.secret is None else f"{holder.secret}-"
        if not signer.access_key_id.startswith(expected):
            return f"signed by {signer.access_key_id}"
        return _unwanted(action, holder.spec, wanted) or (
            self._unlawful(holder, holder.spec) if action == UPDATE else None
        )

    def _forget_what_was_said_before(self, uid: str, spec: SceneAudioSpec) -> None:
        """A call for another sound: should the object say the former again, that is said anew."""
        self.proved = {each for each in self.proved if each[0] != uid or each[1] == spec.audio}
        if uid in self.concluded and spec.says_otherwise_than(self.concluded[uid]):
            del self.concluded[uid]

    def _overwrite(self, caller: SceneAudio) -> None:
        self.overwritten.discard(caller.ref.uid)
        for uid, seen in self.seen.items():
            if uid != caller.ref.uid and scene_of_object(seen) == scene_of_object(caller):
                self.overwritten.add(uid)
                self.concluded.pop(uid, None)

    def ended(self, action: str, scene: SceneRef, told: ObservedAudio | None) -> None:
        """A call was answered well."""
        uid = _uid_of_caller()
        caller = self.callers[uid]
        if action == UPDATE:
            self.failed.discard(uid)
            self._overwrite(caller)
            if caller.reconcile_request == self.requests.get(uid):
                self.asked_for.discard(uid)
            if isinstance(caller.spec, SceneAudioSpec):
                self.concluded[uid] = caller.spec.audio
        elif action == READ and told is not None and isinstance(caller.spec, SceneAudioSpec):
            if uid not in self.written_for:
                self.had.setdefault(uid, []).append(audio_as_spec(told))
            if is_like(caller.spec, told):
                self.proved.add((uid, caller.spec.audio))
                self.ever_proved.add((uid, caller.spec.audio))

    def changed(self) -> None:
        """What an object that has no claim was known to have may be another's by now."""
        for uid, seen in self.seen.items():
            if seen.reconcile_request not in {None, self.requests.get(uid)}:
                self.asked_for.add(uid)
                self.requests[uid] = seen.reconcile_request
            spec = seen.spec
            if not isinstance(spec, SceneAudioSpec) or (
                spec.suspend or not (spec.mode is Mode.OBSERVE or self._holds(seen))
            ):
                self.concluded.pop(uid, None)

    def found(self, source: SecretRef | None, account: str | None) -> None:
        """The operator was told whose credentials the source holds; None: it holds none."""
        self.accounts[source] = account
        self.changed()

    def _holds(self, seen: SceneAudio) -> bool:
        """Whether it is the oldest of those that may write its scene with its account."""
        return holder_of(seen, self.seen, self.accounts) in (seen, None)

    def told(self, ref: ObjectRef, status: Status) -> None:
        """A status is to be written: it says nothing that isn't so."""
        self.tried[ref.uid] = status
        if ref.uid in self.cluster.refused or self.cluster.is_down:
            self.troubled.add(ref.uid)
        self._check_replaced(ref.uid, status)
        self._check_adopted(ref.uid, status)
        self._conclude(ref.uid, status)

    def _check_replaced(self, uid: str, status: Status) -> None:
        if status.replaced is None or uid in self.is_memory_lost:
            return
        if status.replaced not in self.had.get(uid, []):
            self.wrong.append(
                f"{uid}: its scene never had {status.replaced} before the first write"
            )

    def _check_adopted(self, uid: str, status: Status) -> None:
        """As declared, and nothing was sent: then it was read."""
        seen = self.seen.get(uid)
        if seen is None or seen.generation != status.observed_generation or status.applied:
            return
        if not isinstance(seen.spec, SceneAudioSpec) or seen.spec.mode is Mode.OBSERVE:
            return
        is_said = status.reason in {Reason.APPLIED, Reason.IN_SYNC} and status.is_ready
        is_known = (uid, seen.spec.audio) in self.proved or uid in self.concluded
        if is_said and not is_known:
            self.wrong.append(f"{uid}: as declared, but nobody read or wrote that")

    def _conclude(self, uid: str, status: Status) -> None:
        seen = self.seen.get(uid)
        if seen is None or not isinstance(seen.spec, SceneAudioSpec):
            return
        is_of_now = seen.generation == status.observed_generation
        if is_of_now and status.reason in SETTLED and status.reason != Reason.OBSERVED:
            self.concluded[uid] = seen.spec.audio

    def _find_again(self, uid: str, status: Status) -> None:
        """What an object's scene was found to have is on record, where nothing was sent for it."""
        seen, found = self.seen.get(uid), replaced_audio(status.replaced)
        if seen is None or not isinstance(seen.spec, SceneAudioSpec) or found is None:
            return
        was_sent = status.request_id is not None or status.applied is not None
        if not was_sent and not seen.spec.says_otherwise_than(found):
            self.concluded[uid] = seen.spec.audio

    def _unlawful(self, holder: SceneAudio, spec: SceneAudioSpec) -> str | None:
        """An update has one of four causes, and waits while the scene is on air."""
        uid = holder.ref.uid
        asked_now = self.studio.told_air.get(spec.scene_id) == (self.now(), False)
        if spec.on_air is OnAir.WAIT and not asked_now:
            return "nobody asked just now whether the scene is on air"
        is_caused = self._is_caused(holder, spec)
        is_unrecorded = uid not in self.written_for and not self._is_replaced_recorded(uid)
        self.written_for.add(uid)
        self.failed.add(uid)
        if not is_caused:
            return (
                f"an update of {uid}, generation {holder.generation}, that nothing is the cause of"
            )
        return "what it replaces is not on record" if is_unrecorded else None

    def _is_caused(self, holder: SceneAudio, spec: SceneAudioSpec) -> bool:
        uid, told = holder.ref.uid, self.studio.told.get(spec.scene_id)
        is_drifted = told is not None and is_unlike(spec, told)
        return (
            uid in self.asked_for
            or uid in self.failed
            or (is_drifted and spec.drift is Drift.CORRECT)
            or self._is_something_else_said(uid, spec, told)
        )

    def _is_something_else_said(
        self, uid: str, spec: SceneAudioSpec, told: ObservedAudio | None
    ) -> bool:
        recorded = self._recorded().get(uid, Status())
        tried = self.tried.get(uid, recorded)
        if uid in self.concluded:
            was_sent = tried.applied is not None
            names_more = spec.names_filters and not was_sent
            return names_more or spec.says_otherwise_than(self.concluded[uid])
        sent = [each.applied for each in (recorded, tried) if each.applied is not None]
        # recorded or not: what was sent is void
        has_lost_its_scene = tried.reason == Reason.CONFLICT or uid in self.overwritten
        if sent and not has_lost_its_scene:
            return any(spec.says_otherwise_than(each) for each in sent)
        was_proved = (uid, spec.audio) in self.proved  # by a reading for this object
        return not was_proved or told is None or not is_like(spec, told)

    def _is_replaced_recorded(self, uid: str) -> bool:
        """As far as the operator knows it, and the cluster took its statuses."""
        tried, recorded = self.tried.get(uid), self._recorded().get(uid)
        is_pruned = "replaced" in self.cluster.prunes
        if tried is None or recorded is None or uid in self.troubled or is_pruned:
            return True
        return tried.replaced is None or tried.replaced == recorded.replaced

    def _recorded(self) -> dict[str, Status]:
        return {uid: scene_audio_from(body).status for uid, body in self.cluster.bodies.items()}


def _unwanted(action: str, spec: SceneAudioSpec, wanted: SceneAudioSpec | None) -> str | None:
    if action in {UPDATE, LIST} and spec.mode is Mode.OBSERVE:
        return "the object only observes"
    if action == UPDATE and wanted != spec:
        return "another spec than the newest of the oldest object was written"
    if action == LIST and spec.on_air is not OnAir.WAIT:
        return "the object does not mind the air"
    return None


def _uid_of_caller() -> str:
    """The operator works for an object in a task that is named by it."""
    task = asyncio.current_task()
    return "" if task is None else task.get_name().removeprefix("reconcile ")


def holder_of(
    of: SceneAudio,
    objects: Mapping[str, SceneAudio],
    accounts: Mapping[SecretRef | None, str | None],
) -> SceneAudio | None:
    """The oldest object that may write the scene of one with the same account."""
    account = accounts.get(of.secret)
    claims = [
        each
        for each in objects.values()
        if may_write(each)
        and scene_of_object(each) == scene_of_object(of)
        and account is not None
        and accounts.get(each.secret) == account
    ]
    return min(claims, key=lambda each: each.seniority, default=None)


def may_write(seen: SceneAudio) -> bool:
    return isinstance(seen.spec, SceneAudioSpec) and (
        seen.spec.mode is Mode.MANAGE and not seen.spec.suspend
    )


def scene_of_object(seen: SceneAudio) -> str | None:
    return seen.spec.scene_id if isinstance(seen.spec, SceneAudioSpec) else None
