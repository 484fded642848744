"""The desk of the emulated studio: the page's files, and its scenes and calls as they change."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import count, islice
from typing import Any

from aiohttp import web

from desk_page import FILES, STREAM_HEADERS, answer_with, event
from live_emulator.audio import Filter, Layer
from live_emulator.calls import Call, Calls
from live_emulator.studio import Scene, Studio

LOOK_S = 0.1
"""How often it is looked for changes while somebody watches."""

HEARTBEAT_LOOKS = 100
CALLS_SHOWN = 100

ABOUT = {"title": "Studio desk · live-emulator", "emulator": True, "calls": True}
CHANNELS = {"all": "All", "leftChannel": "LeftChannel", "rightChannel": "RightChannel"}

Told = dict[str, Any]


class Desk:
    """Serves the page; each that watches gets all that there is, and then what changes."""

    def __init__(self, studio: Studio, calls: Calls) -> None:
        self._studio = studio
        self._calls = calls
        self._watchers: set[asyncio.Task[Any]] = set()

    def routes(self) -> list[web.RouteDef]:
        files = [web.get(f"/{name}", _served(name)) for name in FILES if name != "index.html"]
        return [*files, web.get("/events", self.events)]

    async def page(self, request: web.Request) -> web.Response:
        return await _served("index.html")(request)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, until whoever watches goes, or the emulator does."""
        response = web.StreamResponse(headers=STREAM_HEADERS)
        await response.prepare(request)
        view = _View(self._studio, self._calls)
        telling = asyncio.create_task(_tell(view, response))
        self._watchers.add(telling)
        try:
            await asyncio.wait({telling})
        finally:
            telling.cancel()
            self._watchers.discard(telling)
        return response

    async def stop(self, _: web.Application) -> None:
        """Let go who watches, as they would never go by themselves."""
        for watcher in self._watchers:
            watcher.cancel()


async def _tell(view: "_View", response: web.StreamResponse) -> None:
    """Until cancelled, or until nobody listens."""
    with suppress(ConnectionError):
        await response.write(event("about", ABOUT))
        for looks in count(1):
            for name, told in view.changes():
                await response.write(event(name, told))
            if looks % HEARTBEAT_LOOKS == 0:
                await response.write(b": still here\n\n")
            await asyncio.sleep(LOOK_S)


def _served(name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(**answer_with(name))

    return serve


class _View:
    """What one of those that watch was told."""

    def __init__(self, studio: Studio, calls: Calls) -> None:
        self._studio = studio
        self._calls = calls
        self._scenes: dict[str, Scene] = {}
        self._is_first = True
        self._open: dict[int, Call] = {}
        self._last_id = 0
        self._last: dict[str, Told] = {}

    def changes(self) -> Iterator[tuple[str, Told]]:
        calls = list(self._fresh_calls())
        scenes = self._fresh_scenes({_key_of(call) for call in calls if _is_change(call)})
        if scenes["put"] or scenes["removed"] or scenes["all"]:
            yield "scenes", scenes
        if calls:
            yield "calls", {"put": [_call(each) for each in calls]}

    def _fresh_scenes(self, changed: set[str]) -> Told:
        """Scenes are values: one that is another object than before has changed."""
        now = {f"{each.caster_id}/{each.scene_id}": each for each in self._studio}
        put = [
            {**_scene(key, scene), "last": self._last.get(key)}
            for key, scene in now.items()
            if self._scenes.get(key) is not scene or key in changed
        ]
        removed = [key for key in self._scenes if key not in now]
        is_first, self._is_first, self._scenes = self._is_first, False, now
        return {"all": is_first, "put": put, "removed": removed}

    def _fresh_calls(self) -> Iterator[Call]:
        ended = [call for call in self._open.values() if call.code is not None]
        latest = [call for call in self._calls if call.id > self._last_id]
        for call in [*ended, *latest]:
            self._last_id = max(self._last_id, call.id)
            if call.code is None:
                self._open[call.id] = call
            else:
                self._open.pop(call.id, None)
            if _is_change(call):
                self._last[_key_of(call)] = {"time": call.time, "requestId": call.request_id}
        yield from islice([*ended, *latest], max(0, len(ended) + len(latest) - CALLS_SHOWN), None)


def _is_change(call: Call) -> bool:
    return call.applied


def _key_of(call: Call) -> str:
    return f"{call.caster_id}/{call.scene_id}"


def _scene(key: str, scene: Scene) -> Told:
    troubles = {
        "in a channel": scene.in_channel,
        "configuration error": scene.config_error,
        "off": scene.status == 0,
    }
    return {
        "key": key,
        "caster": scene.caster_id,
        "scene": scene.scene_id,
        "name": scene.scene_name,
        "air": scene.output_type == "1",
        "marks": [mark for mark, is_so in troubles.items() if is_so],
        "follow": "AudioFollowsVideo" if scene.audio.follow_enable else "AudioMixing",
        "layers": [_layer(each) for each in scene.audio.layers],
        "declared": None,
        "state": None,
        "raw": scene.as_json(),
    }


def _layer(layer: Layer) -> Told:
    return {
        "location": layer.location_id,
        "volume": layer.volume_rate,
        "channel": CHANNELS[layer.valid_channel],
        "delay": layer.fixed_delay_duration,
        "filters": list(_filters(layer.filter)),
    }


def _filters(filters: Filter) -> Iterator[str]:
    if filters.enable_agc:
        yield "automatic gain"
    if filters.enable_ans:
        yield "noise reduction: music" if filters.ans_mode else "noise reduction: speech"
    if filters.enable_beautify:
        yield "voice: fresh female" if filters.voice_beautify_mode else "voice: magnetic male"


def _call(call: Call) -> Told:
    return {
        "id": call.id,
        "time": call.time,
        "action": call.action,
        "caster": call.caster_id,
        "scene": call.scene_id,
        "status": call.http_status,
        "code": call.code,
        "requestId": call.request_id,
    }
