"""One of several replicas: it stands by, leads, gives back, or ends at once."""

import asyncio
from dataclasses import dataclass, field
from typing import NoReturn

import pytest

from caster_scene_audio.health import Health, Stage, Watches
from caster_scene_audio.leadership.election import as_leader
from caster_scene_audio.ports import Leadership
from tests.support.leadership.leases import Candidate, LeaseStore, candidate
from tests.support.simulation.virtual_time import run_in_virtual_time


class Aborted(Exception):  # noqa: N818 (stands for the end of the process)
    pass


@dataclass
class Replica:
    """A process as `as_leader` sees it; what it operates takes `work_s` to stop."""

    candidate: Candidate
    drained: bool = True
    work_s: float = 0
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        watches = Watches((), silence_s=180, clock=asyncio.get_running_loop().time)
        self.health = Health(self.candidate.liveness, watches)

    async def run(self) -> None:
        stopping = asyncio.create_task(self.stop.wait())

        async def operate(_: Leadership) -> bool:
            self.began.set()
            await stopping
            await asyncio.sleep(self.work_s)
            return self.drained

        await as_leader(
            self.candidate.leadership,
            operate,
            stopping=stopping,
            health=self.health,
            abort=aborted,
        )


def aborted() -> NoReturn:
    raise Aborted


def test_the_second_stands_by_and_begins_after_the_first_has_stopped() -> None:
    async def story() -> None:
        store = LeaseStore()
        first, second = (Replica(candidate(store, name)) for name in ("one", "two"))
        first.work_s = 20
        lives = [asyncio.create_task(each.run()) for each in (first, second)]
        await first.began.wait()
        await asyncio.sleep(600)
        stood_by = second.health.stage, second.began.is_set(), second.health.ready()

        first.stop.set()
        await asyncio.sleep(19)
        meanwhile = second.began.is_set(), await first.candidate.leads()
        await asyncio.wait_for(second.began.wait(), 3)
        second.stop.set()
        await asyncio.gather(*lives)

        assert stood_by[:2] == (Stage.STANDING_BY, False)
        assert [each.trouble for each in stood_by[2]] == [None]
        assert meanwhile == (False, True)
        assert store.holder is None

    run_in_virtual_time(story())


def test_where_calls_may_still_be_on_their_way_the_lease_is_kept() -> None:
    async def story() -> None:
        store = LeaseStore()
        replica = Replica(candidate(store, "one"), drained=False)
        life = asyncio.create_task(replica.run())
        await replica.began.wait()

        replica.stop.set()
        await life

        assert store.holder == "one"

    run_in_virtual_time(story())


def test_a_stop_while_it_stands_by_takes_nothing_from_the_leader() -> None:
    async def story() -> None:
        store = LeaseStore()
        first, second = (Replica(candidate(store, name)) for name in ("one", "two"))
        lives = [asyncio.create_task(each.run()) for each in (first, second)]
        await first.began.wait()

        second.stop.set()
        await lives[1]

        assert store.holder == "one"
        assert not second.began.is_set()
        first.stop.set()
        await lives[0]

    run_in_virtual_time(story())


def test_when_the_lease_is_lost_the_process_ends_whatever_is_under_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story() -> None:
        replica = Replica(candidate(LeaseStore(), "one"))
        life = asyncio.create_task(replica.run())
        await replica.began.wait()

        replica.candidate.api.hangs = True

        with pytest.raises(Aborted):
            await asyncio.wait_for(life, 15)
        assert "Leadership lost" in caplog.text

    run_in_virtual_time(story())
