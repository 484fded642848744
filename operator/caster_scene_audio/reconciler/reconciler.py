"""One attempt for one object: what is called, and what follows from the answers."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from caster_scene_audio.domain import outcome
from caster_scene_audio.domain.audio import applied_hash, audio_as_spec, scene_of
from caster_scene_audio.domain.backoff import Jitter
from caster_scene_audio.domain.comparison import Difference, differences, listed
from caster_scene_audio.domain.failure import CallFailed, Failure, FailureClass
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.plan import ReadPlan, Rhythm
from caster_scene_audio.domain.reasons import SETTLED
from caster_scene_audio.domain.retry import Policies, retry_after
from caster_scene_audio.domain.spec import Drift, Mode, OnAir, SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import Measures
from caster_scene_audio.reconciler.calls import Calls

log = logging.getLogger(__name__)

ON_AIR_AGAIN_S = 10.0
"""How often it is looked whether a scene has left the air."""

QUIET_READ_FAILURES = 3
"""So many passing failures of readings in a row are retried without a word in the status."""

NOT_APPLIED, NOT_READ = "Scene audio not applied", "Scene audio not read"


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt leaves behind: the status to report, and the plan to remember."""

    status: Status
    plan: ReadPlan
    requeue: bool = False
    """The attempt was only the first part: the rest is to follow at once."""


class Reconciler:
    """Does for an object what its turn is for; raises nothing expected."""

    def __init__(
        self,
        *,
        policies: Policies,
        rhythm: Rhythm,
        now: Callable[[], datetime],
        jitter: Jitter,
        measures: Measures,
    ) -> None:
        self._policies = policies
        self._rhythm = rhythm
        self._now = now
        self._jitter = jitter
        self._measures = measures

    def first_plan(self, spec: SceneAudioSpec) -> ReadPlan:
        """Of an object that is seen for the first time."""
        return ReadPlan().first(self._rhythm.interval_s(spec), now=self._now(), jitter=self._jitter)

    async def apply(self, seen: SceneAudio, spec: SceneAudioSpec, calls: Calls) -> Result:
        """Write the studio, unless it is to wait for the scene to leave the air."""
        if seen.is_untried:  # what drifted before was measured by another spec
            seen = replace(seen, plan=seen.plan.in_sync())
        try:
            if spec.on_air is OnAir.WAIT and await calls.is_on_air(scene_of(spec)):
                return self._waiting(seen)
            request_id = await calls.update(spec)
        except CallFailed as answer:
            return self.failed(seen, answer.failure)
        after = outcome.applied(
            seen,
            request_id=request_id,
            applied_hash=applied_hash(spec),
            now=self._now(),
        )
        if seen.plan.to_correct:
            self._measures.drift_corrected()
        log.info("Scene audio applied", extra=_facts(seen, after, request_id))
        return Result(after, self._next(seen.plan.written(), spec))

    async def read(self, seen: SceneAudio, spec: SceneAudioSpec, calls: Calls) -> Result:
        """Read the scene back, and conclude from what differs."""
        try:
            audio = await calls.read(scene_of(spec))
        except CallFailed as answer:
            return self._read_failed(seen, answer.failure)
        found = differences(spec, audio, sent=seen.status.applied_hash)
        plan = self._next(seen.plan, spec)
        if found:
            self._measures.drift_found()
            log.info(
                "Scene audio drifted",
                extra=_facts(seen, seen.status, audio.request_id) | {"drift": listed(found)},
            )
        if spec.mode is Mode.MANAGE and spec.drift is Drift.CORRECT and found:
            return Result(seen.status, plan.found(found))
        return Result(self._compared(seen, spec, found, audio_as_spec(audio)), plan.in_sync())

    def _compared(
        self,
        seen: SceneAudio,
        spec: SceneAudioSpec,
        found: tuple[Difference, ...],
        audio: dict[str, Any],
    ) -> Status:
        if spec.mode is Mode.OBSERVE:
            return outcome.observed(seen, found, observed=audio, now=self._now())
        if found:
            return outcome.drifted(seen, found, observed=audio, now=self._now())
        return outcome.in_sync(seen, now=self._now())

    def _next(self, plan: ReadPlan, spec: SceneAudioSpec) -> ReadPlan:
        return plan.after(self._rhythm.interval_s(spec), now=self._now(), jitter=self._jitter)

    async def keep(self, seen: SceneAudio, spec: SceneAudioSpec, calls: Calls) -> Result:
        """Read what the object's first write will replace."""
        try:
            audio = audio_as_spec(await calls.read(scene_of(spec)))
        except CallFailed as answer:
            return self.failed(seen, answer.failure)
        return Result(seen.status, replace(seen.plan, before=audio), requeue=True)

    def _waiting(self, seen: SceneAudio) -> Result:
        after = outcome.on_air(
            seen, delay_s=self._jitter(0.9, 1.1) * ON_AIR_AGAIN_S, now=self._now()
        )
        if seen.status.reason != after.reason:
            log.info("Scene audio waits while the scene is on air", extra=_facts(seen, after, None))
        return Result(after, seen.plan.on_hold())

    def _read_failed(self, seen: SceneAudio, failure: Failure) -> Result:
        """A reading that fails in passing says nothing of the studio: try again, and be quiet."""
        failures = seen.plan.failures + 1
        quiet = failure.failure_class is FailureClass.THROTTLED or failures <= QUIET_READ_FAILURES
        settled = seen.status.reason in SETTLED and not seen.is_changed
        if not failure.failure_class.is_passing or not quiet or not settled:
            return self.failed(seen, failure, sentence=NOT_READ)
        retry = retry_after(
            failure,
            attempts_before=seen.plan.failures,
            policies=self._policies,
            jitter=self._jitter,
        )
        log.info(
            "Scene audio not read; it is tried again",
            extra=_facts(seen, seen.status, failure.request_id) | {"code": failure.code},
        )
        plan = replace(seen.plan, failures=retry.attempts, next_read=self._now() + retry.delay)
        return Result(seen.status, plan)

    def failed(self, seen: SceneAudio, failure: Failure, *, sentence: str = NOT_APPLIED) -> Result:
        after = outcome.failed(
            seen,
            failure=failure,
            policies=self._policies,
            now=self._now(),
            jitter=self._jitter,
        )
        log.warning(
            sentence,
            extra=_facts(seen, after, failure.request_id)
            | {
                "code": failure.code,
                "error": failure.message,
                "attempts": after.attempts,
                "nextRetryTime": after.next_retry_time,
            },
        )
        return Result(after, seen.plan)


def _facts(seen: SceneAudio, after: Status, request_id: str | None) -> dict[str, object]:
    return {
        "object": str(seen.ref),
        "generation": seen.generation,
        "reason": after.reason,
        "requestId": request_id,
    }
