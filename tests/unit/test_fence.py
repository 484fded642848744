"""Who no longer leads calls nothing and writes nothing."""

import asyncio
from dataclasses import dataclass

import pytest
from typing_extensions import override

from caster_scene_audio.domain.audio import scene_of
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.status import Status
from caster_scene_audio.leadership.fence import Alone, FencedCluster, FencedLive
from caster_scene_audio.ports import Leadership
from tests.support.simulation.fakes import KEY, FakeCluster, FakeLive
from tests.support.simulation.objects import scene_audio, spec
from tests.support.simulation.virtual_time import run_in_virtual_time

WANTED = spec()
REF = scene_audio().ref
OCCURRENCE = ObjectEvent(reason="Applied", note="The scene's audio is as declared.", warning=False)


@dataclass
class Lent(Leadership):
    """As the Lease's, it passes nothing once it is lost."""

    leads: bool

    @override
    async def held(self) -> None:
        if not self.leads:
            await asyncio.get_running_loop().create_future()


async def ask_all(leadership: Leadership, live: FakeLive, cluster: FakeCluster) -> list[str]:
    """What came to its end of all that a leader does."""
    behind, written = FencedLive(live, leadership), FencedCluster(cluster, leadership)
    work = {
        "update": behind.update_scene_audio(WANTED, KEY),
        "read": behind.describe_scene_audio(scene_of(WANTED), KEY),
        "scenes": behind.describe_scenes(scene_of(WANTED), KEY),
        "status": written.write_status(REF, Status()),
        "event": written.announce(REF, OCCURRENCE),
    }
    tasks = {name: asyncio.ensure_future(each) for name, each in work.items()}
    await asyncio.sleep(3600)
    ended = [name for name, task in tasks.items() if task.done()]
    for name in ended:
        tasks[name].result()  # nothing comes to its end by an error
    for task in tasks.values():
        task.cancel()
    return ended


@pytest.mark.parametrize("leadership", [Alone(), Lent(leads=True)], ids=["alone", "leader"])
def test_who_leads_calls_and_writes(leadership: Leadership) -> None:
    live, cluster = FakeLive(), FakeCluster()

    ended = run_in_virtual_time(ask_all(leadership, live, cluster))

    assert ended == ["update", "read", "scenes", "status", "event"]
    assert live.updates == [WANTED]
    assert cluster.statuses == [(REF, Status())]
    assert cluster.occurrences == [OCCURRENCE]


def test_who_has_lost_the_lead_never_does_again() -> None:
    live, cluster = FakeLive(), FakeCluster()

    ended = run_in_virtual_time(ask_all(Lent(leads=False), live, cluster))

    assert not ended
    assert not live.updates
    assert not live.reads
    assert not cluster.statuses
    assert not cluster.occurrences
