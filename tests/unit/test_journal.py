"""One record for each call that writes a scene, whatever comes of it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from caster_scene_audio.domain.change_record import ChangeRecord
from caster_scene_audio.domain.comparison import Difference
from caster_scene_audio.domain.decision import Apply, Priority
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.plan import Cause
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import Status
from caster_scene_audio.reconciler.journal import Journal
from tests.support.simulation.objects import NOON, failure, scene_audio, spec

LAYERS = [{"locationId": "RV01", "volumeRate": 0.8}]
WANTED = spec(layers=LAYERS)


class Kept:
    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def record(self, change: ChangeRecord) -> None:
        self.lines.append(change.as_json())


def journal(kept: Kept, seen: SceneAudio, *, cause: Cause = Cause.SPEC) -> Journal:
    assert isinstance(seen.spec, SceneAudioSpec)
    step = Apply(spec=seen.spec, cause=cause, priority=Priority.CHANGED)
    ticks = iter([10.0, 10.25, 20.0, 20.5])
    return Journal(kept, seen, step, now=lambda: NOON, monotonic=lambda: next(ticks))


async def succeeds() -> str:
    return "REQUEST-1"


async def fails() -> str:
    raise CallFailed(failure("InternalError", 500))


async def is_torn_off() -> str:
    raise asyncio.CancelledError


async def has_a_defect() -> str:
    raise ZeroDivisionError


async def test_a_success_is_on_record_with_what_was_before_and_after() -> None:
    kept, applied = Kept(), spec(layers=[{"locationId": "RV01"}]).audio
    seen = replace(
        scene_audio(generation=4, status=Status(applied=applied), layers=LAYERS), written_by="fader"
    )

    assert await journal(kept, seen).recorded(succeeds()) == "REQUEST-1"

    [line] = kept.lines
    assert line.pop("before")["layers"][0]["volumeRate"] == 1.0
    assert line.pop("after")["layers"][0]["volumeRate"] == 0.8
    assert line == {
        "time": "2026-08-15T12:00:00.000Z",
        "object": "studio/morning-show",
        "generation": 4,
        "casterId": "caster-1",
        "sceneId": "scene-of-morning-show",
        "why": "spec",
        "who": "fader",
        "outcome": "Applied",
        "code": "OK",
        "requestId": "REQUEST-1",
        "durationMs": 250,
    }


@pytest.mark.parametrize(
    ("call", "error", "outcome"),
    [
        (fails, CallFailed, ("ServiceUnavailable", "InternalError", "REQUEST-OF-FAILURE")),
        (is_torn_off, asyncio.CancelledError, ("Cancelled", "", None)),
        (has_a_defect, ZeroDivisionError, ("Defect", "", None)),
    ],
)
async def test_what_goes_wrong_is_on_record_and_passes_on(
    call: Any, error: type[BaseException], outcome: tuple[str, str, str | None]
) -> None:
    kept = Kept()

    with pytest.raises(error):
        await journal(kept, scene_audio()).recorded(call())

    [line] = kept.lines
    assert (line["outcome"], line["code"], line.get("requestId")) == outcome


async def test_a_second_call_of_a_turn_is_due_to_renewed_credentials() -> None:
    kept = Kept()
    written = journal(kept, scene_audio(), cause=Cause.REQUEST)

    with pytest.raises(CallFailed):
        await written.recorded(fails())
    await written.recorded(succeeds())

    assert [line["why"] for line in kept.lines] == ["request", "credentials"]


async def test_a_correction_says_what_was_found_and_a_first_write_what_the_scene_had() -> None:
    kept = Kept()
    found = (Difference(field="RV01 volumeRate", observed="5.0", wanted="0.8"),)
    had = {"followMode": "AudioFollowsVideo", "layers": [{"locationId": "RV09", "volumeRate": 2.0}]}
    seen = scene_audio(status=Status(replaced=had))
    seen = replace(seen, plan=seen.plan.found(found))

    await journal(kept, seen, cause=Cause.DRIFT).recorded(succeeds())

    [line] = kept.lines
    assert line["drift"] == "RV01 volumeRate 5.0 → 0.8"
    assert line["before"]["followMode"] == "AudioFollowsVideo"
    assert line["before"]["layers"][0]["locationId"] == "RV09"


async def test_nothing_is_kept_where_no_record_is_wanted() -> None:
    step = Apply(spec=WANTED, cause=Cause.SPEC, priority=Priority.CHANGED)
    unkept = Journal(None, scene_audio(), step, now=lambda: NOON, monotonic=lambda: 0.0)

    assert await unkept.recorded(succeeds()) == "REQUEST-1"
