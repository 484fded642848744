"""One reconcile of one object: what is called, and what follows from the answers."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from caster_scene_audio.domain import outcome
from caster_scene_audio.domain.audio import ObservedAudio, audio_as_spec, audio_from_spec, scene_of
from caster_scene_audio.domain.backoff import Jitter
from caster_scene_audio.domain.changes import replaced_audio
from caster_scene_audio.domain.comparison import Difference, differences, is_as_wanted, listed
from caster_scene_audio.domain.decision import Apply, Read
from caster_scene_audio.domain.failure import CallFailed, Failure, FailureClass
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.plan import Cause, Plan, Rhythm
from caster_scene_audio.domain.reasons import SETTLED
from caster_scene_audio.domain.retry import Policies, Retry, longest_s, retry_after
from caster_scene_audio.domain.spec import Drift, Mode, OnAir, SceneAudioSpec
from caster_scene_audio.domain.status import Action, Status
from caster_scene_audio.ports import ChangeLog, Measures
from caster_scene_audio.reconciler.calls import Calls, NotChecked, OnAirNow
from caster_scene_audio.reconciler.journal import Journal

log = logging.getLogger(__name__)

ON_AIR_AGAIN_S = 10.0
"""How often it is looked whether a scene has left the air."""

QUIET_READ_FAILURES = 3
"""So many passing failures of readings in a row are retried without a word in the status."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a reconcile leaves behind: the status to report, and the plan to remember."""

    status: Status
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """`now` for what people read, `monotonic` seconds for what is due."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]


class Reconciler:
    """Does for an object what its turn is for; raises nothing expected."""

    def __init__(  # noqa: PLR0913 (all that it decides by)
        self,
        *,
        policies: Policies,
        rhythm: Rhythm,
        on_air: OnAir,
        clocks: Clocks,
        jitter: Jitter,
        measures: Measures,
        changes: ChangeLog | None = None,
    ) -> None:
        self._policies = policies
        self._rhythm = rhythm
        self._on_air = on_air
        self._clocks = clocks
        self._jitter = jitter
        self._measures = measures
        self._changes = changes

    def first_plan(self, seen: SceneAudio, spec: SceneAudioSpec) -> Plan:
        """Of an object that is seen for the first time, by what its status says.

        A time in the status is believed as far as the policy of its failure would have it wait.
        """
        now, status = self._clocks.monotonic(), seen.status
        plan = Plan().first(self._rhythm.interval_s(spec), now=now, jitter=self._jitter)
        if status.applied is None and spec.mode is Mode.MANAGE:
            was_found = _was_found(seen, spec)
            is_told = not seen.is_untried and status.reason in SETTLED
            proved = spec.audio if was_found or is_told else None
            was_sent = status.failed_action == Action.UPDATE
            plan = replace(
                plan,
                proved=proved,
                was_sent=was_sent,
                is_ours=was_sent,
                is_replaced_open=was_found and not was_sent,
            )
        if seen.is_changed or status.next_retry_time is None:
            return plan
        if status.last_error is not None and status.failed_action != Action.READ:
            plan = replace(plan, cause=Cause.RETRY)
        delay_s = (status.next_retry_time - self._clocks.now()).total_seconds()
        bounded_s = min(max(delay_s, 0.0), longest_s(self._policies, status.last_error))
        return plan.again(bounded_s, wish=seen.wish, now=now)

    async def apply(self, seen: SceneAudio, step: Apply, calls: Calls) -> Result:
        """Write the studio, unless it is to wait for the scene to leave the air."""
        spec = step.spec
        if seen.is_untried:  # what drifted before was measured by another spec
            seen = replace(seen, plan=seen.plan.in_sync())
        sending = replace(seen, plan=seen.plan.sent())
        try:
            request_id = await calls.update(
                spec,
                unless_on_air=(spec.on_air or self._on_air) is OnAir.WAIT,
                recorded=self._journal(seen, step).recorded,
            )
        except OnAirNow:
            return self._waiting(seen, step.cause)
        except NotChecked as answer:
            return self._failed(seen, answer.failure, step, Action.LIST)
        except CallFailed as answer:
            return self._failed(sending, answer.failure, step, Action.UPDATE)
        after = outcome.applied(seen, spec, request_id=request_id, now=self._clocks.now())
        if seen.plan.to_correct:
            self._measures.drift_corrected()
        log.info(
            "Scene audio applied",
            extra=_facts(seen, after, request_id) | {"cause": str(step.cause)},
        )
        return Result(after, self._next(sending, sending.plan.written(), spec))

    def _journal(self, seen: SceneAudio, step: Apply) -> Journal:
        clocks = self._clocks
        return Journal(self._changes, seen, step, now=clocks.now, monotonic=clocks.monotonic)

    async def read(self, seen: SceneAudio, step: Read, calls: Calls) -> Result:
        """Read the scene back, and conclude from what differs."""
        try:
            audio = await calls.read(scene_of(step.spec))
        except CallFailed as answer:
            return self._read_failed(seen, step, answer.failure)
        if step.adopts:
            return self._adopted(seen, step.spec, audio)
        return self._compared(seen, step.spec, audio)

    def gave_up_reading(self, seen: SceneAudio) -> Result:
        """The first write has waited long enough for what it replaces."""
        log.warning(
            "What the first write replaces isn't known: the scene could not be read in time",
            extra=_facts(seen, seen.status, None),
        )
        now = self._clocks.monotonic()
        return Result(seen.status, replace(seen.plan, held_until=now))

    def acknowledge(self, seen: SceneAudio, spec: SceneAudioSpec) -> Result:
        """What was concluded holds for this generation, too."""
        return Result(outcome.acknowledged(seen, spec, now=self._clocks.now()), seen.plan)

    def failed(self, seen: SceneAudio, failure: Failure, step: Apply | Read) -> Result:
        """There is nothing to sign the step's call with: it was not made."""
        return self._failed(seen, failure, step, None if isinstance(step, Apply) else Action.READ)

    def _failed(
        self, seen: SceneAudio, failure: Failure, step: Apply | Read, action: Action | None
    ) -> Result:
        """The step failed; a generation that is tried for the first time starts afresh."""
        if isinstance(step, Apply):
            seen = replace(seen, plan=replace(seen.plan, cause=step.cause))
        retry = self._retry(failure, 0 if seen.is_untried else seen.status.attempts)
        after = outcome.failed(
            seen, failure=failure, action=action, retry=retry, now=self._clocks.now()
        )
        log.warning(
            "Scene audio not applied" if isinstance(step, Apply) else "Scene audio not read",
            extra=_facts(seen, after, failure.request_id)
            | {
                "code": failure.code,
                "error": failure.message,
                "attempts": after.attempts,
                "nextRetryTime": after.next_retry_time,
            },
        )
        return Result(after, self._again(seen, retry.delay.total_seconds()))

    def _adopted(self, seen: SceneAudio, spec: SceneAudioSpec, audio: ObservedAudio) -> Result:
        """Nothing is sent where the scene reads as the spec says; else what it has is kept."""
        now, plan = self._clocks.now(), seen.plan.held(self._clocks.monotonic())
        if is_as_wanted(spec, audio) and not seen.is_asked_for:
            log.info(
                "Scene audio found as declared", extra=_facts(seen, seen.status, audio.request_id)
            )
            after = outcome.in_sync(seen, spec, now=now)
            if self._is_replaced_wanting(seen):  # a restart knows by it that nothing need be sent
                after = replace(after, replaced=audio_as_spec(audio))
                plan = replace(plan, is_replaced_open=True)
            return Result(after, self._next(seen, plan.adopted(spec.audio), spec))
        plan = replace(plan, unlike=spec.audio, retry_at=None)
        return self._kept(replace(seen, plan=plan), audio)

    def _kept(self, seen: SceneAudio, audio: ObservedAudio) -> Result:
        """What the first write will replace; what another process read before it is not changed."""
        replaced = audio_as_spec(audio) or None
        if replaced in (None, seen.status.replaced) or not self._is_replaced_wanting(seen):
            return Result(seen.status, seen.plan)
        after = outcome.queued(seen, replaced=replaced, now=self._clocks.now())
        return Result(after, replace(seen.plan, is_replaced_open=True))

    def _is_replaced_wanting(self, seen: SceneAudio) -> bool:
        """Whether a reading tells what the first write will replace."""
        is_open = seen.status.replaced is None or seen.plan.is_replaced_open
        return is_open and not seen.plan.is_ours and seen.status.request_id is None

    def _compared(self, seen: SceneAudio, spec: SceneAudioSpec, audio: ObservedAudio) -> Result:
        found = differences(spec, audio)
        plan = self._next(seen, seen.plan, spec)
        if found:
            self._measures.drift_found()
            log.info(
                "Scene audio drifted",
                extra=_facts(seen, seen.status, audio.request_id) | {"drift": listed(found)},
            )
        if spec.mode is Mode.MANAGE and spec.drift is Drift.CORRECT and found:
            plan = plan.found(found)
            if seen.status.applied is not None:
                return Result(seen.status, plan)
            return self._kept(replace(seen, plan=plan.held(self._clocks.monotonic())), audio)
        return Result(self._concluded(seen, spec, found, audio), plan.in_sync())

    def _concluded(
        self,
        seen: SceneAudio,
        spec: SceneAudioSpec,
        found: tuple[Difference, ...],
        audio: ObservedAudio,
    ) -> Status:
        now, told = self._clocks.now(), audio_as_spec(audio)
        if spec.mode is Mode.OBSERVE:
            return outcome.observed(seen, found, observed=told, now=now)
        if found:
            return outcome.drifted(seen, found, observed=told, now=now)
        return outcome.in_sync(seen, spec, now=now)

    def _next(self, seen: SceneAudio, plan: Plan, spec: SceneAudioSpec) -> Plan:
        """After a call that went well."""
        return replace(plan, signed_by=(seen.secret,)).after(
            self._rhythm.interval_s(spec), now=self._clocks.monotonic(), jitter=self._jitter
        )

    def _again(self, seen: SceneAudio, delay_s: float) -> Plan:
        return seen.plan.again(delay_s, wish=seen.wish, now=self._clocks.monotonic())

    def _waiting(self, seen: SceneAudio, cause: Cause) -> Result:
        """Drift is measured anew when the scene has left the air; the other causes stay."""
        plan = replace(seen.plan, cause=cause)
        is_drift = cause is Cause.DRIFT
        plan = replace(plan, to_correct=(), held_until=None) if is_drift else plan.on_hold()
        seen = replace(seen, plan=plan)
        delay_s = self._jitter(0.9, 1.1) * ON_AIR_AGAIN_S
        after = outcome.on_air(seen, delay_s=delay_s, now=self._clocks.now())
        if seen.status.reason != after.reason:
            log.info("Scene audio waits while the scene is on air", extra=_facts(seen, after, None))
        return Result(after, self._again(seen, delay_s))

    def _read_failed(self, seen: SceneAudio, step: Read, failure: Failure) -> Result:
        """A reading that fails in passing says nothing of the studio: try again, and be quiet."""
        failures = seen.plan.failures + 1
        is_quiet = failure.failure_class is FailureClass.THROTTLED or failures <= (
            QUIET_READ_FAILURES
        )
        is_settled = seen.status.reason in SETTLED and not seen.is_changed
        if step.adopts:
            seen = replace(seen, plan=seen.plan.held(self._clocks.monotonic()))
        if step.adopts or not (failure.failure_class.is_passing and is_quiet and is_settled):
            return self._failed(seen, failure, step, Action.READ)
        retry = self._retry(failure, seen.plan.failures)
        log.info(
            "Scene audio not read; it is tried again",
            extra=_facts(seen, seen.status, failure.request_id) | {"code": failure.code},
        )
        plan = replace(self._again(seen, retry.delay.total_seconds()), failures=retry.attempts)
        return Result(seen.status, replace(plan, next_read=plan.retry_at))

    def _retry(self, failure: Failure, attempts_before: int) -> Retry:
        return retry_after(
            failure,
            attempts_before=attempts_before,
            policies=self._policies,
            jitter=self._jitter,
        )


def _was_found(seen: SceneAudio, spec: SceneAudioSpec) -> bool:
    """Whether the scene was adopted as the spec says, whatever later readings came to.

    A spec that says the same again changes nothing in that; an update that was sent for another does.
    """
    status, had = seen.status, replaced_audio(seen.status.replaced)
    if had is None or not is_as_wanted(spec, audio_from_spec(had)):
        return False
    return not seen.is_untried or (
        status.request_id is None and status.failed_action != Action.UPDATE
    )


def _facts(seen: SceneAudio, after: Status, request_id: str | None) -> dict[str, object]:
    return {
        "object": str(seen.ref),
        "generation": seen.generation,
        "reason": after.reason,
        "requestId": request_id,
    }
