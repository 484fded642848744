"""The record of calls."""

import asyncio
from functools import partial

from live_emulator.clock import Clock
from live_emulator.server import Emulator, serving
from live_emulator.settings import Settings
from tests.emulator.caller import DEMO, TWO_LAYERS, Caller, Key
from tests.emulator.patience import until
from tests.emulator.timepiece import Timepiece


async def test_a_call_is_recorded_with_all_that_a_test_asks_about(caller: Caller) -> None:
    reply = await caller.update()

    calls = (await caller.control("GET", "calls")).json["calls"]

    assert calls == [
        {
            "id": 1,
            "time": "2025-08-15T12:00:00.000+00:00",
            "startedMonotonic": 1000.0,
            "finishedMonotonic": 1000.0,
            "action": "UpdateCasterSceneAudio",
            "accessKeyId": "testid",
            "account": "1234567890123456",
            "parameters": TWO_LAYERS,
            "httpStatus": 200,
            "code": "OK",
            "requestId": reply.json["RequestId"],
            "signature": "ACS3-HMAC-SHA256",
            "userAgent": "test-caller",
            "overlapping": 0,
            "fault": None,
            "applied": True,
        }
    ]


async def test_a_refused_call_is_recorded_as_not_applied(
    caller: Caller, emulator: Emulator
) -> None:
    await caller.update(key=Key(secret="wrong"))

    call = next(iter(emulator.calls))
    assert (call.code, call.http_status) == ("SignatureDoesNotMatch", 400)
    assert (call.account, call.applied) == (None, False)


async def test_calls_can_be_chosen(caller: Caller) -> None:
    other = {**DEMO, "SceneId": "scene-interview"}
    await caller.update()
    await caller.describe()
    await caller.describe(other)
    await caller.describe({**DEMO, "SceneId": "none"})

    async def chosen(query: str) -> list[int]:
        calls = (await caller.control("GET", f"calls?{query}")).json["calls"]
        return [call["id"] for call in calls]

    assert await chosen("action=DescribeCasterSceneAudio") == [2, 3, 4]
    assert await chosen("sceneId=scene-interview&casterId=" + DEMO["CasterId"]) == [3]
    assert await chosen("code=InvalidScene.NotFound") == [4]
    assert await chosen("after=2") == [3, 4]
    assert await chosen("limit=1") == [4]
    assert await chosen("accessKeyId=nobody") == []
    assert await chosen("account=1234567890123456&limit=2") == [3, 4]


async def test_a_query_that_is_no_number_is_refused(caller: Caller) -> None:
    assert (await caller.control("GET", "calls?limit=all")).status == 400


def has_arrived(emulator: Emulator, number: int) -> bool:
    return len(emulator.calls) >= number


async def test_calls_at_once_for_one_scene_overlap_and_for_two_scenes_do_not(
    caller: Caller, emulator: Emulator
) -> None:
    order = {"kind": "hang", "delaySeconds": None, "times": 3}
    await caller.control("POST", "faults", order)
    other = {**TWO_LAYERS, "SceneId": "scene-interview"}

    async with asyncio.TaskGroup() as group:
        for number, parameters in enumerate((TWO_LAYERS, other, TWO_LAYERS), start=1):
            group.create_task(caller.update(parameters))
            await until(partial(has_arrived, emulator, number))
        await caller.control("DELETE", "faults")
    await caller.update()

    assert [call.overlapping for call in emulator.calls] == [0, 0, 1, 0]
    assert (await caller.control("GET", "calls/tally")).json["mostOverlapping"] == 1


async def test_calls_one_after_the_other_never_overlap(caller: Caller, emulator: Emulator) -> None:
    emulator.dials.update_qps = 0
    for _ in range(50):
        await caller.update()

    assert {call.overlapping for call in emulator.calls} == {0}


async def test_the_tally_counts_by_action_and_code(caller: Caller, timepiece: Timepiece) -> None:
    for _ in range(11):
        await caller.update()
    timepiece.pass_by(1)
    await caller.describe()

    assert (await caller.control("GET", "calls/tally")).json == {
        "total": 12,
        "byAction": {
            "UpdateCasterSceneAudio": {"OK": 10, "Throttling.User": 1},
            "DescribeCasterSceneAudio": {"OK": 1},
        },
        "mostOverlapping": 0,
        "mostInOneSecond": {"UpdateCasterSceneAudio": 10, "DescribeCasterSceneAudio": 1},
    }


async def test_the_record_can_be_cleared_and_goes_on(caller: Caller, emulator: Emulator) -> None:
    await caller.describe()
    await caller.control("DELETE", "calls")
    await caller.describe()

    assert [call.id for call in emulator.calls] == [2]


async def test_the_record_is_bounded() -> None:
    timepiece = Timepiece()
    async with (
        serving(Settings(keep_calls=3), clock=timepiece.clock()) as emulator,
        Caller.of(emulator, timepiece) as caller,
    ):
        for _ in range(5):
            await caller.describe()

        assert [call.id for call in emulator.calls] == [3, 4, 5]


async def test_secrets_in_a_query_are_not_recorded(caller: Caller, emulator: Emulator) -> None:
    await caller.describe({**DEMO, "SecurityToken": "t0ken", "Signature": "x"})

    assert next(iter(emulator.calls)).parameters == DEMO


async def test_a_stop_ends_calls_that_hang() -> None:
    """On the real clock, since the stop has a time limit of its own."""
    async with serving(clock=Clock()) as emulator:
        timepiece = Timepiece()
        async with Caller.of(emulator, timepiece) as caller:
            await caller.control("POST", "faults", {"kind": "hang", "delaySeconds": None})
            now = emulator.calls.clock.now()
            hanging = asyncio.create_task(caller.update(date=now))
            await until(lambda: len(emulator.calls) == 1)
            hanging.cancel()
    call = next(iter(emulator.calls))

    assert (call.code, call.applied) == ("Interrupted", False)
