"""Calls of the service for one object: signed, at its account's pace, once more after a renewal."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from caster_scene_audio.domain.audio import ObservedAudio, SceneRef, scene_of
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import RATE_LIMITED, CallFailed, FailureClass
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.ports import Live
from caster_scene_audio.reconciler.keyring import Keyring, Signer, Source
from caster_scene_audio.reconciler.lane import Lane
from caster_scene_audio.reconciler.rate_limiter import Slot

T = TypeVar("T")

Check = Callable[[Slot], Awaitable[None]]
"""Makes a reading call by the slot; raises where the call after it is not to be made."""

Recorder = Callable[[Awaitable[str]], Awaitable[str]]
"""Makes a call, puts it on record, and gives its answer."""


class Outdated(Exception):  # noqa: N818 (named for what is the case)
    """The object changed or went while its turn waited: it decides anew, and nothing is called."""


class OnAirNow(Exception):  # noqa: N818 (named for what is the case)
    """The scene is on air and the object is to wait: nothing was written."""


class NotChecked(CallFailed):
    """Whether the scene is on air can't be told: nothing was written."""


class Calls:
    """What one turn may call: the slot of its own lane is there, any other is waited for.

    Every call raises CallFailed or Outdated.
    """

    def __init__(  # noqa: PLR0913 (all that a call takes)
        self,
        live: Live,
        keyring: Keyring,
        *,
        source: Source,
        signer: Signer,
        updates: Lane,
        reads: Lane,
        own: Lane,
        slot: Slot,
        is_current: Callable[[], bool],
        on_update: Callable[[], None],
    ) -> None:
        self._live = live
        self._keyring = keyring
        self._source = source
        self._credentials = signer.credentials
        self._is_current = is_current
        self._on_update = on_update
        self._updates = updates
        self._reads = reads
        self._own = own
        self._slot: Slot | None = slot

    async def update(
        self, wanted: SceneAudioSpec, *, unless_on_air: bool, recorded: Recorder
    ) -> str:
        """Write the scene's audio; gives the RequestId. Each call goes through `recorded`.

        `unless_on_air`: raises OnAirNow where it is, NotChecked where that can't be told.

        That is asked last: between its answer and the write nothing is waited for.
        """

        def call(credentials: Credentials) -> Awaitable[str]:
            self._on_update()
            return recorded(self._live.update_scene_audio(wanted, credentials))

        check = partial(self._off_air, scene_of(wanted)) if unless_on_air else None
        return await self._call(self._updates, call, check)

    async def read(self, scene: SceneRef) -> ObservedAudio:
        """Read the scene's audio back."""
        return await self._call(
            self._reads, lambda credentials: self._live.describe_scene_audio(scene, credentials)
        )

    async def _off_air(self, scene: SceneRef, slot: Slot) -> None:
        """Raises OnAirNow where the scene is on air (PGM); one that isn't listed is not."""
        try:
            scenes = await self._call(
                self._reads,
                lambda credentials: self._live.describe_scenes(scene, credentials),
                slot=slot,
            )
        except CallFailed as answer:
            raise NotChecked(answer.failure) from answer
        if any(each.on_air for each in scenes):
            raise OnAirNow

    async def _call(
        self,
        lane: Lane,
        call: Callable[[Credentials], Awaitable[T]],
        check: Check | None = None,
        slot: Slot | None = None,
    ) -> T:
        try:
            return await self._made(lane, slot or await self._slot_of(lane), call, check)
        except NotChecked:
            raise
        except CallFailed as answer:
            if not await self._heed_and_renew(lane, answer):
                raise
        try:
            return await self._made(lane, await lane.another_slot(), call, check)
        except NotChecked:
            raise
        except CallFailed as answer:
            _heed(lane, answer)
            raise

    async def _made(
        self,
        lane: Lane,
        slot: Slot,
        call: Callable[[Credentials], Awaitable[T]],
        check: Check | None,
    ) -> T:
        try:
            while check is not None and not await self._is_checked(slot, check):
                lane.free(slot)
                slot = await lane.another_slot()
            if not self._is_current():
                raise Outdated
            slot.leave()
            result = await call(self._credentials)
        except CallFailed as answer:
            if answer.failure.http_status is not None:
                slot.answered()
            raise
        else:
            slot.answered()
            return result
        finally:
            lane.free(slot)

    async def _is_checked(self, slot: Slot, check: Check) -> bool:
        """Whether the call may leave at once, now that the check is answered; False: check again.

        Slots of both are there before the check leaves, so nothing but its answer is waited for.
        """
        reading = await self._reads.another_slot()
        if not slot.is_good:
            self._reads.free(reading)
            return False
        slot.hold()
        await check(reading)
        return slot.is_good

    async def _slot_of(self, lane: Lane) -> Slot:
        """The turn's own, once, where it is for this lane and no other call has its place yet."""
        slot = self._slot
        if slot is None or lane is not self._own:
            return await lane.another_slot()
        self._slot = None
        return slot if slot.is_good else await lane.another_slot()

    async def _heed_and_renew(self, lane: Lane, answer: CallFailed) -> bool:
        """Slow down where the call was throttled; whether an expired token could be renewed."""
        _heed(lane, answer)
        if answer.failure.failure_class is not FailureClass.EXPIRED_TOKEN:
            return False
        renewed = await self._keyring.renewed(self._source, self._credentials)
        if renewed is None:
            return False
        self._credentials = renewed.credentials
        return True


def _heed(lane: Lane, answer: CallFailed) -> None:
    if answer.failure.failure_class is FailureClass.THROTTLED:
        lane.throttle(RATE_LIMITED.pause_s(answer.failure.retry_after_s))
