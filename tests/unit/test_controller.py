import asyncio
from collections import deque
from dataclasses import replace

import pytest

from caster_scene_audio.domain.failure import Failure
from caster_scene_audio.domain.objects import UnreadableSpec
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.status import ConditionType
from caster_scene_audio.ports import ClusterUnavailable, ObjectGone
from caster_scene_audio.reconciler.in_flight import AFTER_DEFECT_S
from tests.support.simulation.fakes import KEY
from tests.support.simulation.house import House, scenario
from tests.support.simulation.objects import (
    IN_CHANNEL,
    INTERNAL_ERROR,
    MALFORMED,
    NOON,
    THROTTLED,
    failure,
    scene_audio,
)


def fader(position: int) -> list[dict[str, object]]:
    return [{"locationId": "RV01", "volumeRate": position}]


def test_a_new_object_is_called_once_and_reported() -> None:
    async def story(house: House) -> None:
        house.controller.see(scene_audio())

        await asyncio.sleep(3600)

        assert len(house.live.updates) == 1
        assert [status.request_id for _, status in house.cluster.statuses] == ["REQUEST-1"]
        assert house.cluster.last().is_ready
        assert house.cluster.last().observed_generation == 1
        assert [each.reason for each in house.cluster.occurrences] == [Reason.APPLIED]

    scenario(story)


def test_events_of_the_same_generation_call_nothing() -> None:
    async def story(house: House) -> None:
        house.controller.see(scene_audio())
        await asyncio.sleep(10)

        for _ in range(5):
            house.controller.see(scene_audio())  # labels, or our own write coming back
        await asyncio.sleep(3600)

        assert len(house.live.updates) == 1
        assert len(house.cluster.statuses) == 1

    scenario(story)


def test_a_change_during_a_call_is_called_after_it_and_never_beside_it() -> None:
    async def story(house: House) -> None:
        house.live.gate = asyncio.Event()
        house.controller.see(scene_audio(generation=1))
        await asyncio.sleep(1)
        house.controller.see(scene_audio(generation=2, followMode="AudioFollowsVideo"))
        await asyncio.sleep(1)

        house.live.gate.set()
        await asyncio.sleep(10)

        assert house.live.most_in_flight == 1
        assert [each.follow_mode for each in house.live.updates] == [
            "AudioMixing",
            "AudioFollowsVideo",
        ]
        assert house.cluster.last().observed_generation == 2

    scenario(story)


def test_calls_in_flight_are_bounded() -> None:
    async def story(house: House) -> None:
        house.live.gate = asyncio.Event()
        for number in range(10):
            house.controller.see(scene_audio(f"object-{number}"))
        await asyncio.sleep(10)
        assert house.live.updating == 3

        house.live.gate.set()
        await asyncio.sleep(10)

        assert len(house.live.updates) == 10
        assert house.live.most_in_flight == 3

    scenario(story, max_in_flight=3)


@pytest.mark.parametrize("failure", [IN_CHANNEL, INTERNAL_ERROR], ids=["412", "500"])
def test_a_passing_failure_is_tried_again_until_it_succeeds(failure: Failure) -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([failure, failure])
        house.controller.see(scene_audio())

        await asyncio.sleep(3600)

        first, second, last = (status for _, status in house.cluster.statuses)
        assert [first.attempts, second.attempts, last.attempts] == [1, 2, 0]
        assert first.next_retry_time is not None
        assert second.next_retry_time is not None
        assert first.condition(ConditionType.RECONCILING)
        assert first.last_error is not None
        assert first.last_error.code == failure.code
        assert last.is_ready
        assert last.next_retry_time is None
        assert last.last_error is None
        assert len(house.live.updates) == 3
        assert [each.reason for each in house.cluster.occurrences] == [
            failure.reason,
            Reason.APPLIED,
        ]

    scenario(story)


def test_a_stalled_object_is_looked_at_again_each_long_interval() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([MALFORMED])
        house.controller.see(scene_audio())

        await asyncio.sleep(2 * 3600)

        assert len(house.live.updates) == 2
        assert house.cluster.last().is_ready

    scenario(story)


@pytest.mark.parametrize(
    "answer",
    [
        THROTTLED,
        failure("Rejected.Throttling", 503, retry_after_s=2.0),
        failure("InternalError", 500, retry_after_s=2.0),
    ],
    ids=lambda answer: answer.code,
)
def test_a_throttled_call_rests_the_whole_account_and_is_no_attempt(answer: Failure) -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([answer])
        house.controller.see(scene_audio("one"))
        await asyncio.sleep(0.2)
        house.controller.see(scene_audio("two"))

        await asyncio.sleep(60)

        throttled = house.cluster.statuses[0][1]
        assert throttled.reason == Reason.THROTTLED
        assert throttled.attempts == 0
        assert len(house.live.updates) == 3
        assert house.live.at[1] - house.live.at[0] >= 2.0

    scenario(story)


def test_after_a_restart_what_is_done_is_neither_called_nor_written() -> None:
    async def story(house: House) -> None:
        house.controller.see(scene_audio())
        await asyncio.sleep(10)
        done = house.cluster.last()

        again = House()
        again.live.audio = house.live.audio
        running = asyncio.create_task(again.controller.run())
        again.controller.see(scene_audio(status=done))
        await asyncio.sleep(3600)
        running.cancel()

        assert again.live.updates == []
        assert again.cluster.statuses == []

    scenario(story)


def test_after_a_restart_a_retry_waits_for_its_time_and_counts_on() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([IN_CHANNEL] * 4)
        house.controller.see(scene_audio())
        while len(house.cluster.statuses) < 3:  # noqa: ASYNC110 (virtual time)
            await asyncio.sleep(1)
        failed = house.cluster.last()
        house.controller.forget("uid-morning-show")

        again = House()
        again.live.failures = deque([IN_CHANNEL])
        running = asyncio.create_task(again.controller.run())
        again.controller.see(scene_audio(status=failed))
        await asyncio.sleep(120)
        running.cancel()

        assert failed.next_retry_time is not None
        due = (failed.next_retry_time - NOON).total_seconds()
        assert again.live.at[0] >= due
        assert again.cluster.statuses[0][1].attempts == 4

    scenario(story)


def test_a_deleted_object_is_called_no_more() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([IN_CHANNEL] * 100)
        house.controller.see(scene_audio())
        await asyncio.sleep(10)
        calls = len(house.live.updates)

        house.controller.forget("uid-morning-show")
        await asyncio.sleep(3600)

        assert len(house.live.updates) == calls

    scenario(story)


def test_an_object_deleted_during_its_call_is_not_reported() -> None:
    async def story(house: House) -> None:
        house.live.gate = asyncio.Event()
        house.controller.see(scene_audio())
        await asyncio.sleep(1)

        house.controller.forget("uid-morning-show")
        house.live.gate.set()
        await asyncio.sleep(60)

        assert house.cluster.statuses == []
        assert len(house.live.updates) == 1

    scenario(story)


def test_an_object_that_is_gone_when_it_is_reported_is_forgotten() -> None:
    async def story(house: House) -> None:
        house.cluster.refusals = deque([ObjectGone()])
        house.controller.see(scene_audio())

        await asyncio.sleep(60)

        assert house.controller.known == frozenset()

    scenario(story)


def test_a_status_that_cannot_be_written_is_written_later_without_another_call() -> None:
    async def story(house: House) -> None:
        house.cluster.refusals = deque([ClusterUnavailable("HTTP 503")] * 10)
        house.controller.see(scene_audio())

        await asyncio.sleep(600)

        assert len(house.live.updates) == 1
        assert house.cluster.last().is_ready

    scenario(story)


def test_without_credentials_it_says_what_is_missing_and_goes_on_looking() -> None:
    async def story(house: House) -> None:
        house.own.current = None
        house.controller.see(scene_audio())
        await asyncio.sleep(60)
        stalled = house.cluster.last()
        assert stalled.reason == Reason.CREDENTIALS_UNAVAILABLE
        ready = stalled.condition(ConditionType.READY)
        assert ready is not None
        assert "ALIBABA_CLOUD_ACCESS_KEY_ID" in ready.message
        assert house.live.updates == []

        house.own.current = KEY
        await asyncio.sleep(3600)

        assert house.cluster.last().is_ready

    scenario(story)


def test_a_spec_that_cannot_be_read_is_refused_without_a_call_and_only_once() -> None:
    async def story(house: House) -> None:
        unreadable = replace(scene_audio(), spec=UnreadableSpec("spec.volume: not known here"))
        house.controller.see(unreadable)
        await asyncio.sleep(60)
        house.controller.see(unreadable)
        await asyncio.sleep(3600)

        assert house.live.updates == []
        assert len(house.cluster.statuses) == 1
        ready = house.cluster.last().condition(ConditionType.READY)
        assert ready is not None
        assert ready.message == "spec.volume: not known here"
        assert house.cluster.last().condition(ConditionType.STALLED)

    scenario(story)


def test_a_defect_on_one_object_does_not_stop_the_others() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([ZeroDivisionError()] * 2)
        house.controller.see(scene_audio("broken"))
        await asyncio.sleep(0.5)
        house.controller.see(scene_audio("sound"))
        await asyncio.sleep(1)
        assert [ref.name for ref, _ in house.cluster.statuses] == ["sound"]

        await asyncio.sleep(AFTER_DEFECT_S)

        assert [ref.name for ref, _ in house.cluster.statuses] == ["sound", "broken"]

    scenario(story, stumbles=True)


def test_a_defect_in_reporting_does_not_stop_the_others_either() -> None:
    async def story(house: House) -> None:
        house.cluster.refusals = deque([ZeroDivisionError()])
        house.controller.see(scene_audio("broken", drift="Ignore"))
        await asyncio.sleep(2 * AFTER_DEFECT_S)

        house.controller.see(scene_audio("sound"))
        await asyncio.sleep(1)

        assert {ref.name for ref, _ in house.cluster.statuses} == {"broken", "sound"}

    scenario(story, stumbles=True)


def test_a_drain_waits_for_calls_in_flight_and_their_reports() -> None:
    async def story(house: House) -> None:
        house.live.gate = asyncio.Event()
        house.controller.see(scene_audio())
        await asyncio.sleep(1)

        asyncio.get_running_loop().call_later(5, house.live.gate.set)
        await house.controller.drain()

        assert house.cluster.last().is_ready

    scenario(story)
