"""What a write is due to, case by case: each of these was once otherwise, or nobody would notice."""

import asyncio
from collections import deque
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from caster_scene_audio.domain.audio import ObservedAudio, ObservedLayer, Scene
from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.failure import Failure
from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.plan import HOLD_S
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import Channel, FollowMode
from caster_scene_audio.domain.status import ConditionType
from caster_scene_audio.ports import ClusterUnavailable
from tests.support.simulation.fakes import KEY, key
from tests.support.simulation.house import House, scenario
from tests.support.simulation.objects import (
    INTERNAL_ERROR,
    MALFORMED,
    THROTTLED,
    failure,
    scene_audio,
)
from tests.support.simulation.world import World

SCENE = "scene-of-morning-show"
INTERVAL_S = 600
NO_PERMISSION = failure("NoPermission", 403)
EXPIRED = failure("InvalidSecurityToken.Expired", 400)
SECRET = SecretRef(namespace="studio", name="studio-key")


def audio(*, volume: float | None, mode: FollowMode = FollowMode.AUDIO_MIXING) -> ObservedAudio:
    """A scene that has one layer."""
    layer = ObservedLayer(
        location_id="RV01",
        volume_rate=volume,
        valid_channel=Channel.ALL,
        fixed_delay_milliseconds=0,
    )
    return ObservedAudio(request_id="READ", follow_mode=mode, layers=(layer,))


def at_volume(volume: float, *, generation: int = 1, **fields: Any) -> SceneAudio:
    layers = [{"locationId": "RV01", "volumeRate": volume}]
    return scene_audio(generation=generation, layers=layers, **fields)


async def applied(house: House, seen: SceneAudio) -> None:
    house.controller.see(seen)
    await asyncio.sleep(5)
    assert house.cluster.last().is_ready


async def overwritten_when_readings_fail(house: House, failed: list[Failure]) -> None:
    await applied(house, at_volume(1, drift="Report"))
    house.live.audio[SCENE] = audio(volume=3)
    await asyncio.sleep(2 * INTERVAL_S)
    assert house.cluster.last().reason == Reason.DRIFTED

    house.live.read_failures = deque(failed)
    await asyncio.sleep(10 * INTERVAL_S)

    assert len(house.live.updates) == 1
    assert house.live.audio[SCENE] == audio(volume=3)
    assert house.cluster.last().reason == Reason.DRIFTED


def test_readings_that_fail_in_passing_do_not_overwrite_a_reported_drift() -> None:
    scenario(lambda house: overwritten_when_readings_fail(house, [INTERNAL_ERROR] * 6))


def test_a_reading_that_is_refused_does_not_overwrite_a_reported_drift() -> None:
    scenario(lambda house: overwritten_when_readings_fail(house, [NO_PERMISSION]))


def test_a_scene_that_goes_on_air_while_the_call_waits_for_its_token_is_not_written() -> None:
    async def story(house: House) -> None:
        house.live.list_s = 2
        house.live.gate = asyncio.Event()
        house.live.failures = deque([replace(THROTTLED, retry_after_s=25.0)])
        house.controller.see(scene_audio("other"))
        await asyncio.sleep(1)
        house.controller.see(scene_audio(onAir="Wait"))
        await asyncio.sleep(1)
        house.live.gate.set()  # the other is throttled while the list of scenes is under way
        await asyncio.sleep(3)
        house.live.on_air = {SCENE}
        await asyncio.sleep(120)

        assert [each.scene_id for each in house.live.updates if each.scene_id == SCENE] == []

    scenario(story)


def test_a_scene_that_reads_as_declared_is_adopted_without_a_write() -> None:
    async def story(house: House) -> None:
        house.live.audio[SCENE] = audio(volume=1.2)
        house.controller.see(at_volume(1.2))
        await asyncio.sleep(5 * INTERVAL_S)

        assert house.live.updates == []
        assert house.cluster.last().reason == Reason.IN_SYNC
        assert house.cluster.last().applied is None

    scenario(story)


def test_adopting_fifty_scenes_costs_fifty_readings_and_no_update() -> None:
    async def story(house: House) -> None:
        for number in range(50):
            house.live.audio[f"scene-of-{number}"] = audio(volume=1)
            house.controller.see(scene_audio(f"{number}", layers=[{"locationId": "RV01"}]))
        await asyncio.sleep(60)

        assert (len(house.live.reads), len(house.live.updates)) == (50, 0)

    scenario(story)


def test_what_is_replaced_is_on_record_before_the_first_write_leaves() -> None:
    async def story(house: House) -> None:
        house.live.audio[SCENE] = audio(volume=3)
        house.cluster.refusals = deque([ClusterUnavailable("HTTP 503")] * 4)
        house.controller.see(at_volume(1))
        await asyncio.sleep(5)
        assert house.live.updates == []

        await asyncio.sleep(HOLD_S)

        assert [status.replaced is not None for _, status in house.cluster.queued] == [True]
        assert len(house.live.updates) == 1

    scenario(story)


@pytest.mark.parametrize("failed", [NO_PERMISSION, THROTTLED], ids=["403", "throttled"])
def test_readings_that_fail_for_ever_hold_the_first_write_up_for_a_while_only(
    failed: Failure,
) -> None:
    async def story(house: House) -> None:
        house.live.read_failures = deque([failed] * 10_000)
        house.controller.see(scene_audio())
        await asyncio.sleep(HOLD_S + 5)

        assert len(house.live.updates) == 1

    scenario(story)


def test_five_edits_that_change_nothing_that_is_sent_make_no_call() -> None:
    async def story(house: House) -> None:
        await applied(house, at_volume(1))
        calls = (len(house.live.updates), len(house.live.reads))
        edits: list[dict[str, Any]] = [
            {},
            {"interval": "20m"},
            {"drift": "Report"},
            {"onAir": "Wait"},
            {"drift": "Correct"},
        ]
        for generation, fields in enumerate(edits, start=2):
            house.controller.see(at_volume(1.0, generation=generation, **fields))
            await asyncio.sleep(2)

        assert (len(house.live.updates), len(house.live.reads)) == calls
        assert house.cluster.last().observed_generation == 6

    scenario(story)


def test_what_the_service_does_not_tell_is_no_drift() -> None:
    async def story(house: House) -> None:
        await applied(house, at_volume(0))
        house.live.audio[SCENE] = audio(volume=None)
        await asyncio.sleep(10 * INTERVAL_S)

        assert len(house.live.updates) == 1
        assert house.cluster.last().reason == Reason.APPLIED

    scenario(story)


def test_an_object_that_is_seen_again_and_again_is_read_no_sooner() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        reads = len(house.live.reads)
        for _ in range(100):
            house.controller.see(scene_audio())
            await asyncio.sleep(1)

        assert len(house.live.reads) == reads

    scenario(story)


def test_a_correction_that_is_refused_waits_for_its_retry() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        house.live.audio[SCENE] = audio(volume=1, mode=FollowMode.AUDIO_FOLLOWS_VIDEO)
        house.live.failures = deque([MALFORMED] * 100)
        await asyncio.sleep(3 * INTERVAL_S)
        assert len(house.live.updates) == 2

        house.controller.see(scene_audio())
        await asyncio.sleep(60)

        assert len(house.live.updates) == 2

    scenario(story)


def test_what_was_replaced_is_kept_over_later_writes_and_restarts() -> None:
    async def story(house: House) -> None:
        house.live.audio[SCENE] = audio(volume=3)
        await applied(house, at_volume(1))
        had = house.cluster.last().replaced
        for generation in (2, 3):
            await applied(house, at_volume(generation, generation=generation))

        again = House()
        again.live.audio = house.live.audio
        running = asyncio.create_task(again.controller.run())
        again.controller.see(at_volume(4, generation=4, status=house.cluster.last()))
        await asyncio.sleep(5)
        running.cancel()

        assert had is not None
        assert house.cluster.last().replaced == had
        assert again.cluster.last().replaced == had
        assert len(again.live.updates) == 1

    scenario(story)


def test_a_reading_that_is_refused_is_told_at_once() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        house.live.read_failures = deque([NO_PERMISSION])
        await asyncio.sleep(1.2 * INTERVAL_S)

        assert house.cluster.last().reason == Reason.ACCESS_DENIED
        assert house.cluster.last().condition(ConditionType.STALLED)

    scenario(story)


@pytest.mark.parametrize("on_air", [{SCENE}, set()], ids=["the first", "another"])
def test_a_scene_is_on_air_if_any_that_is_listed_for_it_is(on_air: set[str]) -> None:
    async def story(house: House) -> None:
        house.live.on_air = on_air
        house.live.beside = (Scene(scene_id=SCENE, name="", active=True, on_air=not on_air),)
        house.controller.see(scene_audio(onAir="Wait"))
        await asyncio.sleep(60)

        assert house.live.updates == []

    scenario(story)


def test_a_scene_that_is_on_air_is_looked_at_again_every_ten_seconds() -> None:
    async def story(house: House) -> None:
        house.live.on_air = {SCENE}
        house.controller.see(scene_audio(onAir="Wait"))
        await asyncio.sleep(600)

        assert 50 <= len(house.live.lists_at) <= 62

    scenario(story)


def test_a_changed_spec_knows_nothing_of_the_drift_from_the_old_one() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())
        house.live.audio[SCENE] = audio(volume=1, mode=FollowMode.AUDIO_FOLLOWS_VIDEO)
        house.live.failures = deque([MALFORMED])
        await asyncio.sleep(2 * INTERVAL_S)
        assert house.cluster.last().reason == Reason.INVALID_SPEC

        await applied(house, at_volume(2, generation=2))

        assert house.cluster.last().reason == Reason.APPLIED

    scenario(story)


def test_after_a_start_what_is_done_is_not_read_at_once() -> None:
    async def story(house: House) -> None:
        await applied(house, scene_audio())

        again = House()
        again.live.audio = house.live.audio
        running = asyncio.create_task(again.controller.run())
        again.controller.see(scene_audio(status=house.cluster.last()))
        await asyncio.sleep(INTERVAL_S / 2)
        running.cancel()

        assert again.live.reads == []

    scenario(story)


def test_after_a_restart_readings_are_spread_over_the_interval_and_replaced_is_kept() -> None:
    world = World(seed=1)
    for number in range(60):
        world.cluster.create(
            namespace="studio",
            uid=f"{number}",
            created="2026-01-01T00:00:00Z",
            spec={"casterId": "c", "sceneId": f"scene-{number}", "followMode": "AudioMixing"},
        )
    world.wait(60)
    had = [body["status"]["replaced"] for body in world.cluster.bodies.values()]

    world.crash()
    reads = [len(world.studio.reads)]
    for _ in range(6):
        world.wait(INTERVAL_S / 6)
        reads.append(len(world.studio.reads))

    spread = [b - a for a, b in pairwise(reads)]
    assert [body["status"]["replaced"] for body in world.cluster.bodies.values()] == had
    assert len(world.studio.updates) == 60
    assert min(spread) >= 3
    assert max(spread) <= 20
    assert world.wrong == []
    world.close()


def test_a_renewal_that_finds_no_credentials_says_so() -> None:
    async def story(house: House) -> None:
        house.secrets.held[SECRET] = key("of-a-token")
        house.live.gate = asyncio.Event()
        house.live.failures = deque([EXPIRED])
        house.controller.see(scene_audio(credentialsSecretRef={"name": SECRET.name}))
        await asyncio.sleep(1)
        del house.secrets.held[SECRET]
        house.live.gate.set()
        await asyncio.sleep(1)

        assert house.cluster.last().reason == Reason.CREDENTIALS_UNAVAILABLE
        assert len(house.live.updates) == 1

    scenario(story)


def test_a_call_that_is_throttled_after_a_renewal_rests_the_account_too() -> None:
    async def story(house: House) -> None:
        house.accounts.known = {KEY.access_key_id: "one", "renewed-1": "one"}
        house.live.failures = deque([EXPIRED, replace(THROTTLED, retry_after_s=20.0)])
        house.controller.see(scene_audio("one"))
        await asyncio.sleep(1)
        house.controller.see(scene_audio("two"))
        await asyncio.sleep(60)

        assert house.live.keys[1] == "renewed-1"
        assert house.live.at[2] - house.live.at[1] >= 20

    scenario(story)


def test_who_waits_for_a_retry_is_counted_until_it_goes() -> None:
    async def story(house: House) -> None:
        house.live.failures = deque([MALFORMED])
        house.controller.see(scene_audio(drift="Ignore"))
        await asyncio.sleep(5)
        assert [house.controller.snapshot().delayed.total(), len(house.live.updates)] == [1, 1]

        await asyncio.sleep(2 * 3600)

        assert [house.controller.snapshot().delayed.total(), len(house.live.updates)] == [0, 2]

    scenario(story)


def test_a_turn_whose_secret_is_another_accounts_by_now_goes_at_that_accounts_pace() -> None:
    async def story(house: House) -> None:
        other = SecretRef(namespace="studio", name="other-key")
        house.accounts.known = {"key-of-one": "one", "key-of-two": "two"}
        house.secrets.held = {SECRET: key("key-of-one"), other: key("key-of-two")}
        ours: dict[str, Any] = {"credentialsSecretRef": {"name": SECRET.name}, "drift": "Ignore"}
        theirs: dict[str, Any] = {"credentialsSecretRef": {"name": other.name}, "drift": "Ignore"}
        await applied(house, at_volume(1, **ours))
        house.live.failures = deque([replace(THROTTLED, retry_after_s=40.0)])
        house.controller.see(scene_audio("other", **theirs))
        await asyncio.sleep(1)
        throttled_at = house.loop.time()

        house.secrets.held[SECRET] = key("key-of-two")  # the watch does not tell it yet
        house.controller.see(at_volume(2, generation=2, **ours))
        await asyncio.sleep(120)

        at = [
            when
            for when, each in zip(house.live.at, house.live.updates, strict=True)
            if each.scene_id == SCENE
        ]
        assert at[1] - throttled_at >= 38

    scenario(story)


@pytest.mark.parametrize("drift", ["Report", "Ignore"])
def test_an_edit_that_was_taken_back_before_it_was_sent_writes_nothing(drift: str) -> None:
    async def story(house: House) -> None:
        await applied(house, at_volume(1, drift=drift, onAir="Wait"))
        house.live.audio[SCENE] = audio(volume=3)
        house.live.list_failures = deque([MALFORMED])
        house.controller.see(at_volume(2, generation=2, drift=drift, onAir="Wait"))
        await asyncio.sleep(60)

        house.controller.see(at_volume(1, generation=3, drift=drift, onAir="Wait"))
        await asyncio.sleep(2 * INTERVAL_S)

        assert len(house.live.updates) == 1
        assert house.live.audio[SCENE] == audio(volume=3)

    scenario(story)


def test_an_edit_that_was_taken_back_before_there_were_credentials_writes_nothing() -> None:
    async def story(house: House) -> None:
        secret = {"name": SECRET.name}
        house.secrets.held[SECRET] = key("of-a-secret")
        await applied(house, at_volume(1, drift="Report", credentialsSecretRef=secret))
        house.live.audio[SCENE] = audio(volume=3)
        house.write_secret(SECRET, None)
        house.controller.see(
            at_volume(2, generation=2, drift="Report", credentialsSecretRef=secret)
        )
        await asyncio.sleep(60)
        house.controller.see(
            at_volume(1, generation=3, drift="Report", credentialsSecretRef=secret)
        )
        house.write_secret(SECRET, key("of-a-secret"))
        await asyncio.sleep(2 * INTERVAL_S)

        assert len(house.live.updates) == 1
        assert house.cluster.last().reason == Reason.DRIFTED

    scenario(story)


def test_an_update_that_may_have_been_taken_is_made_up_for_whatever_fails_next() -> None:
    async def story(house: House) -> None:
        await applied(house, at_volume(1, drift="Ignore", onAir="Wait"))
        house.live.failures = deque([INTERNAL_ERROR])
        house.controller.see(at_volume(2, generation=2, drift="Ignore", onAir="Wait"))
        await asyncio.sleep(0.5)
        house.live.audio[SCENE] = audio(volume=2)  # it was taken
        house.live.list_failures = deque([INTERNAL_ERROR])
        house.controller.see(at_volume(1, generation=3, drift="Ignore", onAir="Wait"))
        await asyncio.sleep(60)

        assert house.live.audio[SCENE] == audio(volume=1)

    scenario(story)


def test_an_object_that_only_observed_is_written_when_it_manages_after_a_restart() -> None:
    async def story(house: House) -> None:
        await applied(house, at_volume(1, mode="Observe"))

        again = House()
        running = asyncio.create_task(again.controller.run())
        again.controller.see(at_volume(1, mode="Observe", status=house.cluster.last()))
        await asyncio.sleep(1)
        again.controller.see(at_volume(1, generation=2, drift="Ignore"))
        await asyncio.sleep(60)
        running.cancel()

        assert len(again.live.updates) == 1

    scenario(story)


def test_a_drift_that_waits_on_air_is_not_corrected_once_it_is_only_to_be_reported() -> None:
    async def story(house: House) -> None:
        house.live.audio[SCENE] = audio(volume=1)
        await applied(house, at_volume(1, onAir="Wait"))
        house.live.audio[SCENE] = audio(volume=3)
        house.live.on_air = {SCENE}
        await asyncio.sleep(2 * INTERVAL_S)
        assert house.cluster.last().reason == Reason.ON_AIR

        house.controller.see(at_volume(1, generation=2, onAir="Wait", drift="Report"))
        await asyncio.sleep(5)
        house.live.on_air = set()
        await asyncio.sleep(INTERVAL_S)

        assert house.live.updates == []
        assert house.cluster.last().reason == Reason.DRIFTED

    scenario(story)


def test_a_scene_that_was_adopted_is_not_written_as_readings_fail_after_a_restart() -> None:
    """With a spec that says the same again meanwhile, for all that the new operator knows."""

    async def story(house: House) -> None:
        house.live.audio[SCENE] = audio(volume=1)
        await applied(house, at_volume(1, drift="Report"))
        adopted = house.cluster.last()

        again = House()
        again.live.audio[SCENE] = audio(volume=3)  # somebody at the console
        again.live.read_failures = deque([MALFORMED] * 100)
        running = asyncio.create_task(again.controller.run())
        again.controller.see(at_volume(1, generation=2, drift="Report", status=adopted))
        await asyncio.sleep(10 * HOLD_S)
        running.cancel()

        assert again.live.updates == []

    scenario(story)


def test_an_update_that_may_have_been_taken_is_retried_by_the_next_operator() -> None:
    """Else it would take the scene for adopted, and later tell of another audio as replaced."""

    async def story(house: House) -> None:
        house.live.audio[SCENE] = audio(volume=3)
        house.live.failures = deque([INTERNAL_ERROR] * 100)
        house.controller.see(at_volume(1))
        await asyncio.sleep(2)
        failed = house.cluster.last()
        assert failed.failed_action == "UpdateCasterSceneAudio"

        again = House()
        again.live.audio[SCENE] = audio(volume=1)  # it was taken
        running = asyncio.create_task(again.controller.run())
        again.controller.see(at_volume(1, status=failed))
        await asyncio.sleep(60)
        running.cancel()

        assert len(again.live.updates) == 1
        assert again.cluster.last().replaced == failed.replaced

    scenario(story)


def test_what_an_update_without_an_answer_may_have_written_is_not_told_as_replaced() -> None:
    """It was read only after the scene had been on air, and nothing before the update."""

    async def story(house: House) -> None:
        seen = at_volume(1, onAir="Wait")
        house.live.read_failures = deque([THROTTLED] * 10_000)
        house.live.failures = deque([INTERNAL_ERROR] * 10_000)
        house.controller.see(seen)
        await asyncio.sleep(HOLD_S + 5)
        assert house.cluster.last().failed_action == "UpdateCasterSceneAudio"

        house.live.audio[SCENE] = audio(volume=1)  # it was taken
        house.live.on_air = {SCENE}
        house.live.read_failures.clear()
        await asyncio.sleep(600)

        assert [each.reason for _, each in house.cluster.statuses][-2:] == ["OnAir", "InSync"]
        assert house.cluster.last().replaced is None

    scenario(story)
