"""Another client of the same account: a script or a console that takes its part of the quota."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread

from caster_scene_audio.adapters.live.client import LiveClient
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.spec import SceneAudioSpec
from tests.support.running.emulator_thread import CASTER, LiveService

NEIGHBOUR = Credentials(access_key_id="neighbour", access_key_secret="the-neighbours-secret")


@contextmanager
def calling(live: LiveService, *, account: str, calls_per_s: float) -> Iterator[None]:
    """Updates at an even pace, whatever becomes of them, until the context ends."""
    live.put_key(NEIGHBOUR.access_key_id, secret=NEIGHBOUR.access_key_secret, account=account)
    stop = Event()
    thread = Thread(target=lambda: asyncio.run(_calls(live.url, 1 / calls_per_s, stop)))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


async def _calls(url: str, pause_s: float, stop: Event) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    async with LiveClient(endpoint=url) as client, asyncio.TaskGroup() as calls:
        for number in count():
            await asyncio.sleep(max(0.0, began + number * pause_s - clock()))
            if stop.is_set():
                return
            calls.create_task(_call(client, number))


async def _call(client: LiveClient, number: int) -> None:
    scene = {"casterId": CASTER, "sceneId": f"scene-of-the-neighbour-{number}"}
    wanted = SceneAudioSpec.model_validate(scene | {"followMode": "AudioMixing"})
    try:
        await client.update_scene_audio(wanted, NEIGHBOUR)
    except CallFailed as answer:
        assert answer.failure.code == "Throttling.User", answer.failure  # noqa: PT017 (all that may be)
