"""Statuses are told beside the work: the newest of each object, until the API server has it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from typing_extensions import override

from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.status import ConditionType, Status
from caster_scene_audio.ports import ClusterUnavailable, ObjectGone, Recorded
from caster_scene_audio.reconciler.reporter import MOST_EVENTS, OVERWRITTEN, REFUSED, Reporter
from tests.support.simulation.fakes import FakeCluster
from tests.support.simulation.house import House, longest, scenario
from tests.support.simulation.objects import NOON, scene_audio
from tests.support.simulation.virtual_time import run_in_virtual_time
from tests.support.simulation.world import World

REF = scene_audio().ref
OTHER = scene_audio("evening-show").ref
NOTHING = Status()


def status(number: int, reason: Reason = Reason.APPLIED) -> Status:
    """One that differs from that of every other number."""
    return Status().concluding(
        ConditionType.READY, generation=number, reason=reason, message=f"status {number}", now=NOON
    )


@dataclass
class SlowCluster(FakeCluster):
    """Takes a status when the gate is open; tells in which order statuses and Events came."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    write_s: float = 0
    tries: list[float] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    @override
    async def write_status(self, ref: Any, status: Status) -> Recorded:
        self.tries.append(asyncio.get_running_loop().time())
        await self.gate.wait()
        await asyncio.sleep(self.write_s)
        recorded = await FakeCluster.write_status(self, ref, status)
        self.order.append("status")
        return recorded

    @override
    async def announce(self, ref: Any, event: Any) -> None:
        self.order.append("event")
        await FakeCluster.announce(self, ref, event)

    @property
    def generations(self) -> list[int]:
        return [each.observed_generation for _, each in self.statuses]


@dataclass
class Told:
    """A reporter, its cluster, and what it told of both."""

    cluster: SlowCluster
    reporter: Reporter
    recorded: list[tuple[str, Status]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def reporting(story: Callable[[Told], Awaitable[None]], *, max_writes: int = 16) -> None:
    async def told() -> None:
        cluster = SlowCluster()
        reporter = Reporter(
            cluster=cluster,
            jitter=longest,
            clock=asyncio.get_running_loop().time,
            max_writes=max_writes,
        )
        here = Told(cluster, reporter)
        reporter.subscribe(
            recorded=lambda uid, recorded: here.recorded.append((uid, recorded.status)),
            gone=here.gone.append,
        )
        cluster.gate.set()
        await story(here)
        await reporter.close()

    run_in_virtual_time(told())


def test_of_many_statuses_that_wait_only_the_newest_is_written() -> None:
    async def story(here: Told) -> None:
        here.cluster.gate.clear()
        for number in range(1, 6):
            here.reporter.report(REF, before=status(number - 1), after=status(number))
            await asyncio.sleep(1)
        assert here.reporter.is_pending(REF.uid)

        here.cluster.gate.set()
        await here.reporter.drain()

        assert here.cluster.generations == [1, 5]
        assert not here.reporter.is_pending(REF.uid)
        assert here.recorded[-1] == (REF.uid, status(5))

    reporting(story)


def test_a_status_that_says_nothing_new_is_not_written() -> None:
    async def story(here: Told) -> None:
        here.reporter.report(REF, before=status(1), after=status(1))
        await here.reporter.drain()

        assert here.cluster.tries == []

    reporting(story)


def test_a_refused_status_is_tried_again_at_a_bounded_pace_until_it_is_there() -> None:
    async def story(here: Told) -> None:
        here.cluster.refusals = deque([ClusterUnavailable("HTTP 503")] * 12)
        here.reporter.report(REF, before=NOTHING, after=status(1))
        await here.reporter.drain()

        pauses = [b - a for a, b in zip(here.cluster.tries, here.cluster.tries[1:], strict=False)]
        assert here.cluster.generations == [1]
        assert len(pauses) == 12
        assert pauses == sorted(pauses)
        assert pauses[-1] == pytest.approx(REFUSED.cap_s)

    reporting(story)


def test_a_status_that_hangs_holds_up_no_other_object() -> None:
    async def story(here: Told) -> None:
        here.cluster.gate.clear()
        here.reporter.report(REF, before=NOTHING, after=status(1))
        here.reporter.report(OTHER, before=NOTHING, after=status(1))
        await asyncio.sleep(1)

        assert len(here.cluster.tries) == 2

    reporting(story)


def test_no_more_statuses_are_under_way_at_once_than_allowed() -> None:
    async def story(here: Told) -> None:
        here.cluster.gate.clear()
        for number in range(8):
            namespace = "radio" if number % 2 else "studio"
            ref = replace(REF, uid=f"uid-{number}", namespace=namespace)
            here.reporter.report(ref, before=NOTHING, after=status(1))
        await asyncio.sleep(1)
        assert len(here.cluster.tries) == 4

        here.cluster.gate.set()
        await here.reporter.drain()

        assert len(here.cluster.generations) == 8

    reporting(story, max_writes=4)


def test_a_namespace_whose_requests_hang_leaves_room_for_the_others() -> None:
    async def story(here: Told) -> None:
        here.cluster.gate.clear()
        for number in range(8):
            ref = replace(REF, uid=f"uid-{number}")
            here.reporter.report(ref, before=NOTHING, after=status(1))
        await asyncio.sleep(1)
        assert len(here.cluster.tries) == 3

        here.reporter.report(replace(OTHER, namespace="radio"), before=NOTHING, after=status(1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)

        assert len(here.cluster.tries) == 4

    reporting(story, max_writes=4)


def test_a_status_waits_for_none_of_the_thousand_of_another_namespace() -> None:
    async def story(here: Told) -> None:
        here.cluster.write_s = 1
        for number in range(1000):
            ref = replace(REF, uid=f"uid-{number}")
            here.reporter.report(ref, before=NOTHING, after=status(1))
        await asyncio.sleep(10)
        here.reporter.report(replace(OTHER, namespace="radio"), before=NOTHING, after=status(2))
        await asyncio.sleep(2.5)

        assert 2 in here.cluster.generations

    reporting(story, max_writes=4)


def test_a_defect_in_writing_loses_neither_the_status_nor_its_event(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(here: Told) -> None:
        here.cluster.refusals = deque([ZeroDivisionError(), ZeroDivisionError()])
        here.reporter.report(REF, before=NOTHING, after=status(1))
        await here.reporter.drain()

        assert here.cluster.order == ["status", "event"]

    reporting(story)

    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == [
        "Status not written by a defect"
    ] * 2


def test_an_object_that_is_gone_is_told_of_once_and_forgotten() -> None:
    async def story(here: Told) -> None:
        here.cluster.refusals = deque([ObjectGone()])
        here.reporter.report(REF, before=NOTHING, after=status(1))
        await here.reporter.drain()

        assert here.gone == [REF.uid]
        assert here.cluster.generations == []
        assert here.cluster.occurrences == []
        assert not here.reporter.is_pending(REF.uid)

    reporting(story)


def test_events_are_told_after_their_status_and_of_many_the_last_ones() -> None:
    async def story(here: Told) -> None:
        here.cluster.gate.clear()
        for number in range(1, 2 * MOST_EVENTS + 1):
            reason = Reason.SUSPENDED if number % 2 else Reason.IN_SYNC
            before = status(number - 1, Reason.IN_SYNC if number % 2 else Reason.SUSPENDED)
            here.reporter.report(REF, before=before, after=status(number, reason))
        here.cluster.gate.set()
        await here.reporter.drain()

        assert here.cluster.order == ["status"] + ["event"] * MOST_EVENTS
        assert here.cluster.occurrences[-1].note == f"status {2 * MOST_EVENTS}"

    reporting(story)


def test_nothing_is_told_after_forget() -> None:
    async def story(here: Told) -> None:
        here.cluster.refusals = deque([ClusterUnavailable("HTTP 503")])
        here.reporter.report(REF, before=NOTHING, after=status(1))
        await asyncio.sleep(0)
        here.reporter.forget(REF.uid)
        await here.reporter.drain()

        assert here.cluster.generations == []
        assert here.cluster.occurrences == []

    reporting(story)


def test_a_status_that_comes_the_moment_the_last_one_is_told_is_written_too() -> None:
    """Between the end of a task and its callback others run."""

    async def story(here: Told) -> None:
        for steps in range(8):
            before = len(here.cluster.statuses)
            here.reporter.report(REF, before=NOTHING, after=status(2 * steps + 1))
            for _ in range(steps):
                await asyncio.sleep(0)
            here.reporter.report(REF, before=NOTHING, after=status(2 * steps + 2))
            await asyncio.sleep(60)

            assert not here.reporter.is_pending(REF.uid)
            assert here.cluster.last().observed_generation == 2 * steps + 2
            assert len(here.cluster.statuses) > before

    reporting(story)


def test_events_that_wait_are_not_lost_when_a_status_is_restored() -> None:
    async def story(here: Told) -> None:
        here.reporter.report(REF, before=NOTHING, after=status(1))
        while not here.cluster.statuses:  # noqa: ASYNC110 (the Event is not told yet)
            await asyncio.sleep(0)
        here.reporter.restore(REF, status(1))
        await here.reporter.drain()

        assert [each.note for each in here.cluster.occurrences] == ["status 1"]
        assert here.cluster.generations == [1, 1]

    reporting(story)


def test_a_status_that_is_overwritten_again_and_again_is_restored_ever_less_often() -> None:
    async def story(here: Told) -> None:
        for _ in range(12):
            here.reporter.restore(REF, status(1))
            await here.reporter.drain()

        pauses = [b - a for a, b in zip(here.cluster.tries, here.cluster.tries[1:], strict=False)]
        assert pauses == sorted(pauses)
        assert pauses[-1] == OVERWRITTEN.cap_s

    reporting(story)


def test_a_new_status_does_not_wait_for_one_that_is_restored_less_often() -> None:
    async def story(here: Told) -> None:
        for _ in range(12):
            here.reporter.restore(REF, status(1))
            await here.reporter.drain()
        here.reporter.restore(REF, status(1))
        await asyncio.sleep(1)

        here.reporter.report(REF, before=status(1), after=status(2))
        await asyncio.sleep(1)

        assert here.cluster.last().observed_generation == 2

    reporting(story)


def test_a_refused_status_holds_up_no_call_of_its_object() -> None:
    async def story(house: House) -> None:
        house.controller.see(scene_audio())
        await asyncio.sleep(5)
        house.cluster.refusals = deque([ClusterUnavailable("HTTP 403")] * 10_000)
        house.controller.see(scene_audio(generation=2, followMode="AudioFollowsVideo"))
        await asyncio.sleep(5)

        house.controller.see(scene_audio(generation=3, layers=[{"locationId": "A"}]))
        await asyncio.sleep(1)

        assert len(house.live.updates) == 3
        assert house.cluster.last().observed_generation == 1

    scenario(story)


def object_in(world: World) -> str:
    world.cluster.create(
        namespace="studio",
        uid="1",
        created="2026-01-01T00:00:00Z",
        spec={"casterId": "caster-1", "sceneId": "scene-1", "followMode": "AudioMixing"},
    )
    world.wait(60)
    return "1"


@pytest.fixture
def world() -> Any:
    made = World()
    yield made
    assert made.wrong == []
    made.close()


@pytest.mark.parametrize("left", [None, {"observedGeneration": -1}, {"attempts": 3}])
def test_a_status_that_another_writer_wipes_is_restored_without_a_call(
    world: World, left: dict[str, Any] | None
) -> None:
    uid = object_in(world)
    before, calls = world.cluster.bodies[uid]["status"], len(world.studio.updates)

    world.cluster.overwrite(uid, left)
    world.wait(60)

    assert world.cluster.bodies[uid]["status"] == before
    assert len(world.studio.updates) == calls


def test_a_writer_who_overwrites_the_status_for_ever_is_answered_at_a_bounded_pace(
    world: World,
) -> None:
    uid = object_in(world)
    writes = world.cluster.writes

    for _ in range(3600):
        world.cluster.overwrite(uid, None)
        world.wait(1)

    assert world.cluster.writes - writes <= 25
    assert len(world.studio.updates) == 1


def test_a_watch_that_lags_behind_restores_nothing(world: World) -> None:
    world.cluster.lag_s = 30
    uid = object_in(world)
    for number in range(1, 5):
        world.cluster.ask(uid, f"{number}")
        world.wait(40)
    world.wait(600)
    writes = world.cluster.writes

    for body in world.cluster.history[uid]:
        world.loop.call_soon(world.cluster.told, uid, body)
    world.wait(600)

    assert world.cluster.writes == writes


def test_a_server_that_prunes_a_field_of_the_status_is_not_fought(world: World) -> None:
    world.cluster.prunes = {"applied", "replaced"}
    uid = object_in(world)
    writes = world.cluster.writes

    world.cluster.label(uid)
    world.wait(3600)

    assert "applied" not in world.cluster.bodies[uid]["status"]
    assert world.cluster.writes == writes
    assert len(world.studio.updates) == 1
