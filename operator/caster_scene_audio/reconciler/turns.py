"""What an object does in its turn: find its credentials, make its calls, leave the lane."""

import asyncio
from collections.abc import Callable

from caster_scene_audio.domain.decision import Apply, Read
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.plan import HOLD_S
from caster_scene_audio.ports import Live, Measures
from caster_scene_audio.reconciler.accounts import SourceAccounts
from caster_scene_audio.reconciler.calls import Calls, Outdated
from caster_scene_audio.reconciler.keyring import Keyring, Signer
from caster_scene_audio.reconciler.lanes import LaneKey, Lanes, Reads, Updates, call_key, lane_key
from caster_scene_audio.reconciler.rate_limiter import Slot
from caster_scene_audio.reconciler.reconciler import Reconciler, Result

IsCurrent = Callable[[SceneAudio], bool]
"""Whether an object is still as it was when its turn began."""


class Turns:
    """One turn after another, each in the lane of the account that its calls use."""

    def __init__(  # noqa: PLR0913 (all that a turn takes)
        self,
        *,
        live: Live,
        keyring: Keyring,
        reconciler: Reconciler,
        lanes: Lanes,
        accounts: SourceAccounts,
        measures: Measures,
    ) -> None:
        self._live = live
        self._keyring = keyring
        self._reconciler = reconciler
        self._lanes = lanes
        self._accounts = accounts
        self._measures = measures

    async def take(
        self,
        key: LaneKey,
        slot: Slot,
        seen: SceneAudio,
        step: Apply | Read,
        *,
        is_current: IsCurrent,
    ) -> Result | None:
        """What follows from the turn; None where the object needs another one at once."""
        lane = self._lanes[key]
        try:
            return await self._taken(key, slot, seen, step, is_current)
        except Outdated:
            return None
        finally:
            self._lanes.scenes.free(call_key(key, step))
            lane.free(slot)
            lane.left()

    async def _taken(
        self, key: LaneKey, slot: Slot, seen: SceneAudio, step: Apply | Read, is_current: IsCurrent
    ) -> Result | None:
        try:
            signer = await self._keyring.signer(seen.secret)
        except CallFailed as missing:
            self._accounts.refuse(seen.secret, missing)
            return self._reconciler.failed(seen, missing.failure, step)
        if key != lane_key(signer.account, step):
            self._accounts.learn(seen.secret, signer.account)
            return None
        calls = self._calls(key, slot, seen, signer, is_current)
        if isinstance(step, Apply):
            return await self._reconciler.apply(seen, step, calls)
        try:
            async with asyncio.timeout(HOLD_S if step.adopts else None):
                return await self._reconciler.read(seen, step, calls)
        except TimeoutError:
            return self._reconciler.gave_up_reading(seen)

    def _calls(
        self, key: LaneKey, slot: Slot, seen: SceneAudio, signer: Signer, is_current: IsCurrent
    ) -> Calls:
        return Calls(
            self._live,
            self._keyring,
            source=seen.secret,
            signer=signer,
            updates=self._lanes[Updates(signer.account)],
            reads=self._lanes[Reads(signer.account)],
            own=self._lanes[key],
            slot=slot,
            is_current=lambda: is_current(seen),
            on_update=lambda: self._measures.change_called(seen.ref.uid),
        )
