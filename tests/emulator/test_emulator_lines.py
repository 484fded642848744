"""Request lines as long as 64 layers make them, and a gateway that takes less."""

import pytest

from live_emulator.server import Emulator
from live_emulator.signature import canonical_query
from tests.emulator.caller import DEMO, Caller, raw_query_of

FILTER = '{"enableAgc":1,"enableAns":1,"ansMode":1,"enableBeautify":1,"voiceBeautifyMode":1}'


def layers(count: int) -> dict[str, str]:
    """Every member of every layer, each as long as it may be."""
    parameters = {"CasterId": "c", "SceneId": "s", "RegionId": "cn-shanghai", "FollowEnable": "0"}
    for number in range(1, count + 1):
        parameters |= {
            f"AudioLayer.{number}.VolumeRate": "0.30000000000000004",
            f"AudioLayer.{number}.ValidChannel": "rightChannel",
            f"AudioLayer.{number}.FixedDelayDuration": "5000",
            f"AudioLayer.{number}.Filter": FILTER,
            f"MixList.{number}": f"RV{number:062d}",
        }
    return parameters


async def test_sixty_four_layers_with_every_member_are_taken(
    caller: Caller, emulator: Emulator
) -> None:
    emulator.dials.any_scene = True

    reply = await caller.update(layers(64))

    assert reply.status == 200
    assert len(emulator.studio.find("c", "s").audio.layers) == 64


async def test_a_long_header_is_taken(caller: Caller) -> None:
    headers = {**caller.headers("DescribeCasterSceneAudio", ""), "x-trace": "x" * 100_000}

    assert (await caller.send("", headers)).code == "InvalidCasterId.Malformed"


async def test_a_line_beyond_the_limit_that_is_set_is_a_414_and_changes_nothing(
    caller: Caller, emulator: Emulator
) -> None:
    emulator.dials.any_scene = True
    await caller.control("PATCH", "dials", {"longestLineBytes": 8190})

    reply = await caller.update(layers(32))

    call = next(iter(emulator.calls))
    assert (reply.status, reply.headers["Content-Type"]) == (414, "text/html; charset=utf-8")
    assert (call.code, call.http_status, call.applied) == ("LineTooLong", 414, False)
    assert len(call.parameters) == len(layers(32))
    assert (await caller.update(layers(8))).status == 200


@pytest.mark.parametrize(("less", "status"), [(0, 200), (1, 414)], ids=["as-long", "longer"])
async def test_the_limit_counts_the_whole_line(
    caller: Caller, emulator: Emulator, *, less: int, status: int
) -> None:
    line = f"POST /?{canonical_query(raw_query_of(DEMO))} HTTP/1.1"
    emulator.dials.longest_line_bytes = len(line) - less

    assert (await caller.describe()).status == status
