"""The faults that a test orders, over HTTP as tests order them."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from live_emulator.server import Emulator
from tests.emulator.caller import DEMO, Caller, Reply
from tests.emulator.patience import until


async def order(caller: Caller, **fault: Any) -> int:
    reply = await caller.control("POST", "faults", fault)
    assert reply.status == 201, reply.body
    return int(reply.json["id"])


def is_done(emulator: Emulator) -> bool:
    return len(emulator.studio.find(DEMO["CasterId"], DEMO["SceneId"]).audio.layers) == 2


async def test_the_next_calls_answer_with_the_ordered_code(caller: Caller) -> None:
    await order(caller, times=2, code="InternalError")

    codes = [(await caller.update()).status for _ in range(3)]

    assert codes == [500, 500, 200]


async def test_an_ordered_error_has_its_status_message_and_wait(
    caller: Caller, emulator: Emulator
) -> None:
    await order(caller, code="Throttling.Api", status=503, message="Slow down.", retryAfterMs=1500)

    reply = await caller.update()

    assert (reply.status, reply.code, reply.json["Message"]) == (
        503,
        "Throttling.Api",
        "Slow down.",
    )
    assert reply.headers["x-acs-retry-after"] == "1500"
    assert not is_done(emulator)


async def test_an_error_can_come_though_the_change_was_made(
    caller: Caller, emulator: Emulator
) -> None:
    await order(caller, code="ServiceUnavailable", applied=True)

    reply = await caller.update()

    assert reply.status == 503
    assert is_done(emulator)


@pytest.mark.parametrize(
    ("match", "struck"),
    [
        ({}, True),
        ({"action": "UpdateCasterSceneAudio"}, True),
        ({"action": "DescribeCasterSceneAudio"}, False),
        ({"sceneId": "scene-opening"}, True),
        ({"sceneId": "scene-interview"}, False),
        ({"casterId": "another"}, False),
        ({"accessKeyId": "testid", "account": "1234567890123456"}, True),
        ({"account": "another"}, False),
    ],
    ids=str,
)
async def test_a_fault_strikes_the_calls_that_it_matches(
    caller: Caller, match: dict[str, str], *, struck: bool
) -> None:
    await order(caller, match=match)

    assert ((await caller.update()).status == 500) is struck


async def test_a_fault_can_let_some_calls_pass_first(caller: Caller) -> None:
    await order(caller, skip=2)

    assert [(await caller.update()).status for _ in range(4)] == [200, 200, 500, 200]


async def test_a_fault_without_times_lasts_until_it_is_cleared(caller: Caller) -> None:
    await order(caller, times=None)

    before = [(await caller.update()).status for _ in range(3)]
    await caller.control("DELETE", "faults")

    assert before == [500] * 3
    assert (await caller.update()).status == 200


async def test_faults_are_listed_with_what_they_did(caller: Caller) -> None:
    first = await order(caller, times=2)
    second = await order(caller, kind="html")
    await caller.update()

    await caller.control("DELETE", f"faults/{second}")
    faults = (await caller.control("GET", "faults")).json["faults"]

    assert [(fault["id"], fault["served"], fault["spent"]) for fault in faults] == [
        (first, 1, False)
    ]


async def test_a_throttled_call_uses_no_fault_up(caller: Caller, emulator: Emulator) -> None:
    emulator.dials.update_qps = 1
    await caller.update()
    await order(caller)

    assert (await caller.update()).code == "Throttling.User"
    assert (await caller.control("GET", "faults")).json["faults"][0]["served"] == 0


async def test_a_hanging_call_is_in_flight_and_changes_nothing_yet(
    caller: Caller, emulator: Emulator
) -> None:
    fault = await order(caller, kind="hang", delaySeconds=None)

    hanging = asyncio.create_task(caller.update())
    await until(lambda: len(emulator.calls) == 1)
    call = (await caller.control("GET", "calls")).json["calls"][0]
    done_before = is_done(emulator)
    await caller.control("DELETE", f"faults/{fault}")
    reply = await hanging

    assert (call["finishedMonotonic"], call["code"]) == (None, None)
    assert not done_before
    assert reply.status == 200
    assert is_done(emulator)


async def test_a_call_can_hang_after_the_change_was_made(
    caller: Caller, emulator: Emulator
) -> None:
    await order(caller, kind="hang", applied=True, delaySeconds=None)

    hanging = asyncio.create_task(caller.update())
    await until(lambda: is_done(emulator))
    was_answered = hanging.done()
    await caller.control("DELETE", "faults")

    assert not was_answered
    assert (await hanging).status == 200


async def test_a_call_hangs_for_the_seconds_ordered(caller: Caller) -> None:
    await order(caller, kind="hang", delaySeconds=0.02)
    started_s = asyncio.get_running_loop().time()

    await caller.update()

    assert asyncio.get_running_loop().time() - started_s >= 0.02


@pytest.mark.parametrize("applied", [False, True])
async def test_a_connection_is_dropped_before_or_after_the_change(
    caller: Caller, emulator: Emulator, *, applied: bool
) -> None:
    await order(caller, kind="drop", applied=applied)

    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.update()

    call = next(iter(emulator.calls))
    assert is_done(emulator) is applied
    assert (call.code, call.http_status, call.applied) == ("drop", None, applied)


async def test_an_answer_is_cut_in_the_middle(caller: Caller, emulator: Emulator) -> None:
    await order(caller, kind="cut")

    with pytest.raises(aiohttp.ClientPayloadError):
        await caller.update()

    assert is_done(emulator)


async def update_struck_by(caller: Caller, **fault: Any) -> Reply:
    await order(caller, **fault)
    return await caller.update()


async def test_an_answer_is_html(caller: Caller) -> None:
    reply = await update_struck_by(caller, kind="html")

    assert (reply.status, reply.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert reply.body.startswith(b"<html>")


async def test_an_answer_is_empty(caller: Caller) -> None:
    reply = await update_struck_by(caller, kind="empty")

    assert (reply.status, reply.body) == (200, b"")


async def test_an_answer_is_half_a_document(caller: Caller, emulator: Emulator) -> None:
    reply = await update_struck_by(caller, kind="truncated")

    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.body)
    assert is_done(emulator)


async def test_the_types_of_an_answer_are_wrong(caller: Caller) -> None:
    await caller.update()
    await order(caller, kind="wrongTypes")

    body = (await caller.describe()).json

    assert {name: type(value) for name, value in body.items()} == {
        "RequestId": int,
        "CasterId": int,
        "FollowEnable": str,
        "MixList": list,
        "AudioLayers": list,
    }


async def test_a_200_carries_a_code(caller: Caller) -> None:
    reply = await update_struck_by(caller, kind="codeIn200", code="InvalidScene.NotFound")

    assert (reply.status, reply.code) == (200, "InvalidScene.NotFound")


async def test_a_redirect_leads_elsewhere(caller: Caller) -> None:
    reply = await update_struck_by(caller, kind="redirect", location="http://127.0.0.1:9/else")

    assert (reply.status, reply.headers["Location"]) == (307, "http://127.0.0.1:9/else")


async def test_a_body_is_given_verbatim(caller: Caller) -> None:
    reply = await update_struck_by(
        caller, kind="body", status=429, body="é[", contentType="application/json"
    )

    assert (reply.status, reply.body.decode()) == (429, "é[")
    assert reply.headers["Content-Type"] == "application/json"


async def test_a_slow_body_arrives_whole(caller: Caller, emulator: Emulator) -> None:
    reply = await update_struck_by(caller, kind="slowBody", delaySeconds=0.02)

    assert reply.status == 200
    assert reply.json["RequestId"] == next(iter(emulator.calls)).request_id


async def test_a_caller_that_gave_up_on_a_slow_body_leaves_a_finished_record(
    caller: Caller, emulator: Emulator
) -> None:
    await order(caller, kind="slowBody", delaySeconds=0.1)

    waiting = asyncio.create_task(caller.update())
    await until(lambda: is_done(emulator))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    call = next(iter(emulator.calls))
    unfinished = call.finished_s is None
    await until(lambda: call.finished_s is not None)

    assert unfinished
    assert call.applied


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "explode"},
        {"kind": "hang"},
        {"kind": "slowBody", "delaySeconds": None},
        {"times": 0},
        {"retry_after_ms": 1},
        {"match": {"scene": "s"}},
        [],
    ],
    ids=str,
)
async def test_an_order_that_does_not_fit_is_refused(caller: Caller, fault: Any) -> None:
    reply = await caller.control("POST", "faults", fault)

    assert reply.status == 400
    assert reply.json["error"]


async def test_every_call_takes_the_latency_that_is_set(caller: Caller) -> None:
    await caller.control("PATCH", "dials", {"latencyMs": 20})
    started_s = asyncio.get_running_loop().time()

    await caller.describe()

    assert asyncio.get_running_loop().time() - started_s >= 0.02
