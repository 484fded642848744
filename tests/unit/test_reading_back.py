import asyncio
from bisect import bisect_left
from collections import Counter, deque
from dataclasses import replace
from typing import Any

import pytest

from caster_scene_audio.domain.audio import ObservedAudio
from caster_scene_audio.domain.failure import Failure
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.plan import HOLD_S
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import FollowMode
from caster_scene_audio.domain.status import ConditionType, Status
from caster_scene_audio.ports import ObjectGone
from tests.support.simulation.house import House, scenario
from tests.support.simulation.objects import INTERNAL_ERROR, THROTTLED, failure, scene_audio

SCENE = "scene-of-morning-show"
INTERVAL_S = 600
FOLLOWS = FollowMode.AUDIO_FOLLOWS_VIDEO


def behind_its_back(house: House, scene: str = SCENE, mode: FollowMode = FOLLOWS) -> None:
    """Somebody else sets the scene."""
    before = house.live.audio.get(scene) or ObservedAudio(
        request_id="READ", follow_mode=None, layers=()
    )
    house.live.audio[scene] = replace(before, follow_mode=mode)


def message_of(status: Status, type_: ConditionType) -> str:
    condition = status.condition(type_)
    assert condition is not None
    return condition.message


async def applied(house: House, seen: SceneAudio) -> None:
    house.controller.see(seen)
    await asyncio.sleep(5)
    assert house.cluster.last().is_ready


def test_a_scene_is_read_back_each_interval_and_nothing_is_written_while_it_is_in_sync() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        reads = len(house.live.reads)

        await asyncio.sleep(10 * INTERVAL_S)

        assert 9 <= len(house.live.reads) - reads <= 11
        assert len(house.live.updates) == 1
        assert len(house.cluster.statuses) == 1
        assert len(house.cluster.occurrences) == 1

    scenario(story)


def test_an_objects_own_interval_is_kept_but_for_the_floor() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio("slow", interval="1h"))
        await applied(house, scene_audio("fast", interval="1s"))
        house.live.reads.clear()

        await asyncio.sleep(6 * 3600)

        reads = Counter(house.live.reads)
        assert 5 <= reads["scene-of-slow"] <= 7
        assert reads["scene-of-fast"] == pytest.approx(6 * 3600 / 30, rel=0.15)

    scenario(story)


def test_drift_is_corrected_and_told_in_an_event() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        behind_its_back(house)

        await asyncio.sleep(2 * INTERVAL_S)

        assert house.live.audio[SCENE].follow_mode == FollowMode.AUDIO_MIXING
        assert len(house.live.updates) == 2
        assert house.cluster.last().reason == Reason.DRIFT_CORRECTED
        assert house.cluster.last().is_ready
        told = house.cluster.occurrences[-1]
        assert told.reason == Reason.DRIFT_CORRECTED
        assert "followMode AudioFollowsVideo → AudioMixing" in told.note

    scenario(story)


def test_every_correction_has_its_event() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        for _ in range(2):
            behind_its_back(house)
            await asyncio.sleep(2 * INTERVAL_S)

        reasons = [each.reason for each in house.cluster.occurrences]
        assert reasons.count(Reason.DRIFT_CORRECTED) == 2

    scenario(story)


def test_an_object_is_corrected_at_most_once_an_interval() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())

        for _ in range(60):
            behind_its_back(house)
            await asyncio.sleep(INTERVAL_S / 20)

        assert len(house.live.updates) - 1 <= 60 / 20 + 1

    scenario(story)


def test_drift_that_returns_again_and_again_is_contended_and_fought_less_and_less() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())

        for _ in range(400):
            behind_its_back(house)
            await asyncio.sleep(INTERVAL_S / 4)

        contended = house.cluster.last()
        assert contended.reason == Reason.DRIFT_CONTENDED
        assert not contended.is_ready
        assert contended.condition(ConditionType.DRIFTED)
        assert "Another writer" in message_of(contended, ConditionType.READY)
        assert len(house.live.updates) <= 16  # of a hundred intervals
        reasons = [each.reason for each in house.cluster.occurrences]
        assert reasons.count(Reason.DRIFT_CONTENDED) == 1

    scenario(story)


def test_a_contended_scene_that_is_left_alone_is_in_sync_again() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        for _ in range(80):
            behind_its_back(house)
            await asyncio.sleep(INTERVAL_S / 4)
        assert house.cluster.last().reason == Reason.DRIFT_CONTENDED

        await asyncio.sleep(100 * INTERVAL_S)

        assert house.cluster.last().reason == Reason.IN_SYNC
        assert house.cluster.last().is_ready
        assert house.cluster.last().condition(ConditionType.DRIFTED) is None

    scenario(story)


def test_report_lists_the_drift_and_writes_nothing_to_the_studio() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio(drift="Report"))
        behind_its_back(house)

        await asyncio.sleep(10 * INTERVAL_S)

        drifted = house.cluster.last()
        assert drifted.reason == Reason.DRIFTED
        assert drifted.condition(ConditionType.STALLED)
        assert (
            message_of(drifted, ConditionType.DRIFTED)
            == "followMode AudioFollowsVideo → AudioMixing"
        )
        assert drifted.observed == {"followMode": "AudioFollowsVideo"}
        assert len(house.live.updates) == 1
        assert len(house.cluster.statuses) == 2

        behind_its_back(house, mode=FollowMode.AUDIO_MIXING)
        await asyncio.sleep(2 * INTERVAL_S)

        assert house.cluster.last().is_ready
        assert house.cluster.last().condition(ConditionType.DRIFTED) is None
        assert house.cluster.last().observed is None

    scenario(story)


def test_an_observer_whose_scene_is_gone_says_so() -> None:
    async def story(house: House) -> None:
        house.live.read_failures = deque([failure("InvalidScene.NotFound", 404)] * 3)
        house.controller.see(scene_audio(mode="Observe"))
        await asyncio.sleep(5)
        assert house.cluster.last().reason == Reason.SCENE_NOT_FOUND
        assert not house.cluster.last().is_ready

        await asyncio.sleep(3600)

        assert house.cluster.last().reason == Reason.OBSERVED

    scenario(story)


def test_a_reading_that_fails_in_passing_is_tried_again_without_a_word() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        house.live.read_failures = deque([INTERNAL_ERROR] * 3)

        await asyncio.sleep(2 * INTERVAL_S)

        assert not house.live.read_failures
        assert len(house.cluster.statuses) == 1
        assert len(house.live.updates) == 1

    scenario(story)


def test_readings_that_go_on_failing_are_told_and_healed() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        house.live.read_failures = deque([INTERNAL_ERROR] * 4)

        await asyncio.sleep(3 * INTERVAL_S)

        reasons = [status.reason for _, status in house.cluster.statuses]
        assert reasons == [Reason.APPLIED, Reason.SERVICE_UNAVAILABLE, Reason.IN_SYNC]
        assert len(house.live.updates) == 1

    scenario(story)


def test_the_log_tells_a_failed_reading_from_a_failed_update(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(house: House) -> None:
        house.live.read_failures = deque([failure("InvalidScene.NotFound", 404)])
        house.controller.see(scene_audio("observed", mode="Observe"))
        await asyncio.sleep(1)
        house.live.failures = deque([INTERNAL_ERROR])
        house.controller.see(scene_audio("managed"))
        await asyncio.sleep(1)

    scenario(story)

    told = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert told == ["Scene audio not read", "Scene audio not applied"]


def test_a_reconcile_request_heals_a_stalled_object_at_once() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([failure("InvalidParameter.Malformed")])
        house.controller.see(scene_audio())
        await asyncio.sleep(5)
        assert house.cluster.last().condition(ConditionType.STALLED)

        house.controller.see(replace(scene_audio(), reconcile_request="please"))
        await asyncio.sleep(2)

        assert house.cluster.last().is_ready

    scenario(story)


@pytest.mark.parametrize("fields", [{"suspend": True}, {"mode": "Observe"}, {"onAir": "Wait"}])
def test_a_reconcile_request_is_echoed_whatever_the_object_does(fields: dict[str, Any]) -> None:
    async def story(house: House) -> None:
        house.live.on_air = {SCENE}
        house.controller.see(scene_audio(**fields))
        await asyncio.sleep(5)

        house.controller.see(replace(scene_audio(**fields), reconcile_request="echo"))
        await asyncio.sleep(2)

        assert house.cluster.last().last_handled_reconcile_at == "echo"
        assert house.live.updates == []

    scenario(story)


def test_a_holder_that_is_found_gone_when_reported_lets_the_next_take_over() -> None:
    async def story(house: House) -> None:
        house.cluster.refusals = deque([ObjectGone()])
        house.controller.see(
            replace(scene_audio("older", sceneId="shared"), created="2026-01-01T00:00:00Z")
        )
        await asyncio.sleep(1)
        house.controller.see(
            replace(scene_audio("younger", sceneId="shared"), created="2026-02-01T00:00:00Z")
        )

        await asyncio.sleep(5)

        assert house.cluster.last().is_ready
        assert house.cluster.statuses[-1][0].name == "younger"

    scenario(story)


def test_waiting_on_air_is_written_once() -> None:
    async def story(house: House) -> None:
        house.live.on_air = {SCENE}
        house.controller.see(scene_audio(onAir="Wait"))

        await asyncio.sleep(600)

        assert len(house.cluster.statuses) == 1

    scenario(story)


def test_what_was_there_before_the_first_write_is_kept() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        house.controller.see(
            scene_audio(generation=2, followMode="AudioFollowsVideo", layers=[{"locationId": "A"}])
        )
        await asyncio.sleep(5)

        assert len(house.live.updates) == 2
        assert house.cluster.last().replaced == {"followMode": "AudioFollowsVideo"}

    scenario(story)


def test_a_key_that_may_not_read_can_still_write_where_drift_is_ignored() -> None:
    async def story(house: House) -> None:
        house.live.read_failures = deque([failure("NoPermission", 403)] * 100)
        house.controller.see(scene_audio(drift="Ignore"))
        await asyncio.sleep(3600)

        assert [status.reason for _, status in house.cluster.statuses] == [Reason.APPLIED]
        assert house.live.reads == []

    scenario(story)


@pytest.mark.parametrize(
    "failed",
    [INTERNAL_ERROR, THROTTLED, failure("NoPermission", 403), failure("Unheard.Of", 400)],
    ids=lambda each: each.code,
)
def test_readings_that_fail_hold_the_first_write_up_for_a_bounded_time(failed: Failure) -> None:
    async def story(house: House) -> None:
        house.live.read_failures = deque([failed] * 10_000)
        house.controller.see(scene_audio())
        await asyncio.sleep(1)
        assert house.cluster.last().reason == failed.reason
        assert house.live.updates == []

        await asyncio.sleep(HOLD_S + 5)

        assert house.cluster.last().reason == Reason.APPLIED
        assert house.cluster.last().replaced is None

    scenario(story)


def test_a_reading_in_a_throttled_backlog_holds_the_first_write_up_for_a_bounded_time() -> None:
    async def story(house: House) -> None:
        house.live.read_failures = deque([replace(THROTTLED, retry_after_s=60.0)] * 10_000)
        for number in range(20):
            house.controller.see(scene_audio(f"object-{number}"))
        await asyncio.sleep(2 * HOLD_S)

        assert len(house.live.updates) == 20

    scenario(story)


def test_drift_measured_by_an_old_spec_is_not_told_of_a_new_one() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        behind_its_back(house)
        house.live.gate = asyncio.Event()
        await asyncio.sleep(INTERVAL_S + 60)  # the correction hangs
        house.controller.see(scene_audio(generation=2, layers=[{"locationId": "A"}]))
        house.live.gate.set()

        await asyncio.sleep(5)

        assert house.cluster.last().observed_generation == 2
        assert house.cluster.last().reason == Reason.APPLIED

    scenario(story)


def changed(name: str) -> SceneAudio:
    return scene_audio(name, generation=2, interval="60s", layers=[{"locationId": "A"}])


def test_a_thousand_objects_are_read_evenly_and_a_changed_spec_goes_first() -> None:
    async def story(house: House) -> None:
        for number in range(1000):
            house.controller.see(scene_audio(f"object-{number}", interval="60s"))
        await asyncio.sleep(300)
        writes = len(house.cluster.statuses)
        began = house.loop.time()
        waits = []
        for number in range(20):
            await asyncio.sleep(5)
            changed_at = house.loop.time()
            house.controller.see(changed(f"object-{number}"))
            updates = len(house.live.at)
            while len(house.live.at) == updates:  # noqa: ASYNC110 (virtual time)
                await asyncio.sleep(0.01)
            waits.append(house.live.at[-1] - changed_at)

        times = [at for at in house.live.reads_at if at >= began]
        seconds = Counter(int(at) for at in times)
        mean = len(times) / (max(seconds) - min(seconds) + 1)
        most = max(bisect_left(times, start + 1.0) - n for n, start in enumerate(times))
        assert most <= 15
        assert max(seconds.values()) <= 2 * mean
        assert sorted(waits)[10] <= 0.3
        assert len(house.cluster.statuses) == writes + 20

    scenario(story)
