"""The record of an object's writes: a line for each call, whatever comes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from caster_scene_audio.domain.change_record import CANCELLED, RENEWED, ChangeRecord, begun
from caster_scene_audio.domain.decision import Apply
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.ports import ChangeLog

OK = "OK"


class Journal:
    """Of one turn, whose second call is made because the token of the first had expired."""

    def __init__(
        self,
        changes: ChangeLog | None,
        seen: SceneAudio,
        step: Apply,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._changes = changes
        self._seen = seen
        self._step = step
        self._now = now
        self._monotonic = monotonic
        self._calls = 0

    async def recorded(self, call: Awaitable[str]) -> str:
        """The call's answer, once there is a line for it; raises what the call raises."""
        if self._changes is None:
            return await call
        record = begun(self._seen, self._step.spec, self._step.cause, now=self._now())
        if self._calls:
            record = replace(record, why=RENEWED)
        self._calls += 1
        began = self._monotonic()
        try:
            request_id = await call
            record = replace(record, outcome=str(Reason.APPLIED), code=OK, request_id=request_id)
        except CallFailed as answer:
            record = _failed(record, answer)
            raise
        except asyncio.CancelledError:
            record = replace(record, outcome=CANCELLED)
            raise
        finally:
            took_ms = round((self._monotonic() - began) * 1000)
            self._changes.record(replace(record, duration_ms=took_ms))
        return request_id


def _failed(record: ChangeRecord, answer: CallFailed) -> ChangeRecord:
    failure = answer.failure
    return replace(
        record,
        outcome=str(failure.reason),
        code=failure.code,
        request_id=failure.request_id,
    )
