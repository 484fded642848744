"""What an object does in its turn: find its credentials, make its calls, leave the lane."""

from collections.abc import Callable

from caster_scene_audio.domain.credentials import CredentialsUnavailable
from caster_scene_audio.domain.decision import Apply, Read
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.ports import Live, Measures
from caster_scene_audio.reconciler.attempt import After, Attempt
from caster_scene_audio.reconciler.calls import Calls, Outdated, Token
from caster_scene_audio.reconciler.keyring import Holder, Keyring
from caster_scene_audio.reconciler.lane import Lane
from caster_scene_audio.reconciler.lanes import LaneKey, Lanes, Reads, Updates
from caster_scene_audio.reconciler.placement import Placement
from caster_scene_audio.reconciler.queue import scene_of

IsCurrent = Callable[[SceneAudio], bool]
"""Whether an object is still as it was when its turn began."""


class Turns:
    """One turn after another, each in the lane of the account that its calls use."""

    def __init__(  # noqa: PLR0913 (all that a turn takes)
        self,
        *,
        live: Live,
        keyring: Keyring,
        attempt: Attempt,
        lanes: Lanes,
        placement: Placement,
        clock: Callable[[], float],
        measures: Measures,
    ) -> None:
        self._live = live
        self._keyring = keyring
        self._attempt = attempt
        self._lanes = lanes
        self._placement = placement
        self._clock = clock
        self._measures = measures

    async def take(
        self, key: LaneKey, seen: SceneAudio, step: Apply | Read, *, is_current: IsCurrent
    ) -> After | None:
        """What follows from the turn; None where the object needs another one at once."""
        lane = self._lanes[key]
        try:
            return await self._taken(key, lane, seen, step, is_current)
        except Outdated:
            return None
        finally:
            self._lanes.scenes.free(scene_of(step.spec))
            lane.left()

    async def _taken(
        self, key: LaneKey, lane: Lane, seen: SceneAudio, step: Apply | Read, is_current: IsCurrent
    ) -> After | None:
        began = self._clock()
        try:
            holder = await self._keyring.holder(seen.secret)
        except CredentialsUnavailable as missing:
            self._placement.unresolved(seen.secret)
            return self._attempt.unsigned(seen, missing)
        needed = Updates(holder.account) if isinstance(step, Apply) else Reads(holder.account)
        if key != needed:
            self._placement.resolved(seen.secret, holder.account)
            return None
        calls = self._calls(seen, holder, Token(lane, began, self._clock), is_current)
        if isinstance(step, Apply):
            return await self._attempt.apply(seen, step.spec, calls)
        if step.before_write:
            return await self._attempt.keep(seen, step.spec, calls)
        return await self._attempt.read(seen, step.spec, calls)

    def _calls(
        self, seen: SceneAudio, holder: Holder, token: Token, is_current: IsCurrent
    ) -> Calls:
        return Calls(
            self._live,
            self._keyring,
            source=seen.secret,
            holder=holder,
            updates=self._lanes[Updates(holder.account)],
            reads=self._lanes[Reads(holder.account)],
            token=token,
            is_current=lambda: is_current(seen),
            on_update=lambda: self._measures.change_called(seen.ref.uid),
        )
