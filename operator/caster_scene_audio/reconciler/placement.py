"""Which line an object stands in: that of the account whose quota its call uses."""

from collections.abc import Callable

from caster_scene_audio.domain.decision import Apply, Read
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.reconciler.lanes import LaneKey, Lanes, Reads, Source, Unresolved, Updates
from caster_scene_audio.reconciler.queue import scene_key


class Placement:
    """Puts objects in line, and remembers which account each source of credentials led to."""

    def __init__(self, lanes: Lanes, *, clock: Callable[[], float]) -> None:
        self._lanes = lanes
        self._clock = clock
        self._accounts: dict[Source, str] = {}
        self._lane_of: dict[str, LaneKey] = {}

    def line_up(self, seen: SceneAudio, step: Apply | Read, *, wait_s: float) -> None:
        """Let the object wait `wait_s` and then for its turn; it leaves any other line."""
        uid = seen.ref.uid
        key = self._key(seen.secret, step)
        if self._lane_of.get(uid) != key:
            self.leave(uid)
        self._lane_of[uid] = key
        now = self._clock()
        self._lanes[key].queue.put(
            uid, scene=scene_key(step.spec), priority=step.priority, due=now + wait_s, now=now
        )

    def leave(self, uid: str) -> None:
        """Out of line, if the object is in one."""
        if key := self._lane_of.pop(uid, None):
            self._lanes[key].queue.drop(uid)
            self._lanes.close_if_idle(key)

    def resolved(self, source: Source, account: str) -> None:
        """The source's credentials are this account's."""
        self._accounts[source] = account

    def unresolved(self, source: Source) -> None:
        """What the source holds has changed, or is gone."""
        self._accounts.pop(source, None)

    def _key(self, source: Source, step: Apply | Read) -> LaneKey:
        account = self._accounts.get(source)
        if account is None:
            return Unresolved(source)
        return Updates(account) if isinstance(step, Apply) else Reads(account)
