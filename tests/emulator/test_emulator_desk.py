"""What the desk is told, and what it is served with."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from live_emulator.server import Emulator, serving
from tests.emulator.caller import DEMO, Caller

OPENING = "LIVEPRODUCER_POST-cn-demo/scene-opening"
HOSTILE = "<script>alert(1)</script>"


class Stream:
    """The server-sent events, one by one."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self, name: str) -> dict[str, Any]:
        """The data of the next event of this name."""
        async with asyncio.timeout(20):
            while True:
                event = (await self._response.content.readline()).decode().strip()
                if event == f"event: {name}":
                    line = (await self._response.content.readline()).decode()
                    told: dict[str, Any] = json.loads(line.removeprefix("data: "))
                    return told


@asynccontextmanager
async def watching(caller: Caller) -> AsyncIterator[Stream]:
    async with caller.session.get(f"{caller.emulator.url}/events") as response:
        assert response.content_type == "text/event-stream"
        yield Stream(response)


async def test_who_watches_is_told_all_scenes_and_then_those_that_change(caller: Caller) -> None:
    async with watching(caller) as stream:
        about = await stream.next("about")
        first = await stream.next("scenes")
        reply = await caller.update()
        changed = await stream.next("scenes")
        call = (await stream.next("calls"))["put"][-1]

    [opening] = changed["put"]
    assert about["emulator"]
    assert first["all"]
    assert [each["scene"] for each in first["put"]] == ["scene-opening", "scene-interview"]
    assert opening["key"] == OPENING
    assert opening["layers"][0] == {
        "location": "RV01",
        "volume": 0.35,
        "channel": "LeftChannel",
        "delay": 500,
        "filters": ["automatic gain", "noise reduction: music"],
    }
    assert opening["last"]["requestId"] == call["requestId"] == reply.json["RequestId"]
    assert (call["code"], call["status"]) == ("OK", 200)


async def test_a_refused_call_changes_no_scene_and_is_told(caller: Caller) -> None:
    async with watching(caller) as stream:
        await stream.next("scenes")
        await caller.describe({**DEMO, "SceneId": "none"})
        told = await stream.next("calls")

    assert [(each["code"], each["status"]) for each in told["put"]] == [
        ("InvalidScene.NotFound", 404)
    ]


async def test_a_scene_that_goes_is_told(caller: Caller) -> None:
    async with watching(caller) as stream:
        await stream.next("scenes")
        await caller.control("DELETE", f"scenes/{OPENING}")
        told = await stream.next("scenes")

    assert (told["removed"], told["put"]) == ([OPENING], [])


async def test_what_holds_a_scene_up_is_told(caller: Caller) -> None:
    async with watching(caller) as stream:
        await stream.next("scenes")
        await caller.control("PATCH", f"scenes/{OPENING}", {"inChannel": True, "outputType": "0"})
        [scene] = (await stream.next("scenes"))["put"]

    assert (scene["marks"], scene["air"]) == (["in a channel"], False)


@pytest.mark.parametrize(
    ("path", "content_type"),
    [("", "text/html"), ("desk.css", "text/css"), ("desk.js", "text/javascript")],
)
async def test_the_page_runs_nothing_from_elsewhere_and_stands_in_no_frame(
    caller: Caller, path: str, content_type: str
) -> None:
    async with caller.session.get(f"{caller.emulator.url}/{path}") as response:
        text = await response.text()

    policy = response.headers["Content-Security-Policy"]
    assert response.content_type == content_type
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert "innerHTML" not in text


async def test_to_look_at_the_page_is_no_call(caller: Caller, emulator: Emulator) -> None:
    for method in ("GET", "HEAD"):
        async with caller.session.request(method, emulator.url) as response:
            assert (response.status, response.content_type) == (200, "text/html")

    assert not list(emulator.calls)


async def test_the_page_holds_no_word_of_a_scene(caller: Caller, emulator: Emulator) -> None:
    """Names come as data, which the page shows as text."""
    await caller.control("PATCH", f"scenes/{OPENING}", {"sceneName": HOSTILE})

    async with caller.session.get(emulator.url) as response:
        assert HOSTILE not in await response.text()


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "http://127.0.0.1:1"])
async def test_another_sites_page_turns_no_dial(caller: Caller, origin: str) -> None:
    url = f"{caller.emulator.url}/emulator/reset"

    async with caller.session.post(url, headers={"Origin": origin}) as response:
        status = response.status
    async with caller.session.post(url, headers={"Origin": caller.emulator.url}) as response:
        own = response.status

    assert (status, own) == (403, 204)


async def test_the_emulator_ends_though_somebody_watches() -> None:
    """Else it would hang on a page that nobody closed."""
    async with asyncio.timeout(20):
        async with aiohttp.ClientSession() as session:
            async with serving() as served:
                response = await session.get(f"{served.url}/events")
                await Stream(response).next("scenes")
            response.close()
