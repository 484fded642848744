"""Each fault that once changed a sound without being asked, put back in: a test finds it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from caster_scene_audio.domain import comparison, decision, objects, plan
from caster_scene_audio.domain.plan import Cause
from caster_scene_audio.domain.reasons import SETTLED
from caster_scene_audio.reconciler import calls, reconciler
from tests.support.simulation.studios import CalmStudio
from tests.unit import test_law as law

Patch = pytest.MonkeyPatch

usual_cause = decision.write_due_to
usual_wish = decision._is_something_else_wanted
usual_fields = comparison._fields


def concludes_from_the_reason(patch: Patch) -> None:
    def due_to(seen: Any, spec: Any) -> Cause | None:
        is_tried = seen.status.reason is not None and seen.status.reason not in SETTLED
        return Cause.RETRY if is_tried else usual_cause(seen, spec)

    patch.setattr(decision, "write_due_to", due_to)


def gives_its_token_away(patch: Patch) -> None:
    async def made(self: Any, lane: Any, slot: Any, call: Any, check: Any) -> Any:
        if check is not None:
            lane.free(slot)
            await check(await self._reads.another_slot())
            slot = await lane.another_slot()
        slot.leave()
        try:
            return await call(self._credentials)
        finally:
            lane.free(slot)

    patch.setattr(calls.Calls, "_made", made)


def writes_when_it_adopts(patch: Patch) -> None:
    patch.setattr(reconciler, "is_as_wanted", lambda *_: False)


def records_afterwards_what_it_replaced(patch: Patch) -> None:
    patch.setattr(objects.SceneAudio, "is_replaced_recorded", True)


def holds_without_bound(patch: Patch) -> None:
    patch.setattr(plan.Plan, "holds", lambda *_: True)
    patch.setattr(plan.Plan, "held", lambda self, _: self)


def sends_the_same_again(patch: Patch) -> None:
    patch.setattr(
        decision,
        "_is_something_else_wanted",
        lambda seen, spec: seen.is_untried or usual_wish(seen, spec),
    )


def takes_what_is_not_told_for_the_default(patch: Patch) -> None:
    def fields(layer: Any, seen: Any) -> Any:
        if seen.volume_rate is None:
            yield "volumeRate", 1.0, layer.volume_rate
        yield from usual_fields(layer, seen)

    def with_default(layer: Any, seen: Any) -> Any:
        return (each for each in fields(layer, seen) if each[1] != each[2])

    patch.setattr(comparison, "_fields", with_default)


def takes_a_failed_reading_for_a_failed_write(patch: Patch) -> None:
    def due_to(seen: Any, spec: Any) -> Cause | None:
        return Cause.RETRY if seen.status.last_error is not None else usual_cause(seen, spec)

    patch.setattr(decision, "write_due_to", due_to)


NAMED: list[tuple[Callable[[Patch], None], Callable[[], None]]] = [
    (
        concludes_from_the_reason,
        law.test_readings_that_fail_in_passing_do_not_overwrite_a_reported_drift,
    ),
    (
        gives_its_token_away,
        law.test_a_scene_that_goes_on_air_while_the_call_waits_for_its_token_is_not_written,
    ),
    (writes_when_it_adopts, law.test_a_scene_that_reads_as_declared_is_adopted_without_a_write),
    (
        records_afterwards_what_it_replaced,
        law.test_what_is_replaced_is_on_record_before_the_first_write_leaves,
    ),
    (
        holds_without_bound,
        lambda: law.test_readings_that_fail_for_ever_hold_the_first_write_up_for_a_while_only(
            law.NO_PERMISSION
        ),
    ),
    (
        sends_the_same_again,
        law.test_five_edits_that_change_nothing_that_is_sent_make_no_call,
    ),
    (takes_what_is_not_told_for_the_default, law.test_what_the_service_does_not_tell_is_no_drift),
    (
        takes_a_failed_reading_for_a_failed_write,
        law.test_a_reading_that_is_refused_does_not_overwrite_a_reported_drift,
    ),
]


@pytest.mark.parametrize(("defect", "named"), NAMED, ids=[defect.__name__ for defect, _ in NAMED])
def test_a_defect_is_found_by_the_test_that_is_named_for_it(
    defect: Callable[[Patch], None], named: Callable[[], None], monkeypatch: Patch
) -> None:
    named()
    defect(monkeypatch)

    with pytest.raises((AssertionError, RuntimeError)):
        named()


@pytest.mark.parametrize(
    "defect",
    [
        concludes_from_the_reason,
        gives_its_token_away,
        sends_the_same_again,
        takes_a_failed_reading_for_a_failed_write,
    ],
)
def test_a_defect_is_found_by_the_state_machine_alone(
    defect: Callable[[Patch], None], monkeypatch: Patch
) -> None:
    defect(monkeypatch)

    with pytest.raises((AssertionError, RuntimeError)):
        run_state_machine_as_test(
            CalmStudio,
            settings=settings(
                max_examples=200,
                stateful_step_count=30,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
