"""Objects that wait for their time."""

import asyncio
from collections import Counter

from caster_scene_audio.domain.decision import Priority
from caster_scene_audio.reconciler.delays import Delays
from tests.support.simulation.virtual_time import run_in_virtual_time


def test_an_object_is_due_after_its_delay_and_once() -> None:
    due: list[tuple[str, float]] = []

    async def story() -> None:
        loop = asyncio.get_running_loop()
        delays = Delays(lambda uid: due.append((uid, loop.time())))
        began = loop.time()
        delays.put("later", Priority.RETRY, 60.0)
        delays.put("sooner", Priority.READ, 1.0)
        assert delays.counts == Counter({Priority.RETRY: 1, Priority.READ: 1})
        await asyncio.sleep(1000)
        due[:] = [(uid, at - began) for uid, at in due]
        assert len(delays) == 0

    run_in_virtual_time(story())

    assert due == [("sooner", 1.0), ("later", 60.0)]


def test_a_new_delay_takes_the_place_of_the_old_one() -> None:
    due: list[str] = []

    async def story() -> None:
        delays = Delays(due.append)
        delays.put("object", Priority.RETRY, 1.0)
        delays.put("object", Priority.RETRY, 60.0)
        await asyncio.sleep(30)
        assert due == []
        await asyncio.sleep(31)

    run_in_virtual_time(story())

    assert due == ["object"]


def test_a_dropped_object_is_never_due() -> None:
    due: list[str] = []

    async def story() -> None:
        delays = Delays(due.append)
        delays.put("object", Priority.RETRY, 1.0)
        delays.drop("object")
        delays.drop("never there")
        await asyncio.sleep(60)

    run_in_virtual_time(story())

    assert due == []


def test_after_the_end_nothing_is_due() -> None:
    due: list[str] = []

    async def story() -> None:
        delays = Delays(due.append)
        delays.put("before", Priority.RETRY, 1.0)
        delays.close()
        delays.put("after", Priority.RETRY, 1.0)
        await asyncio.sleep(60)

    run_in_virtual_time(story())

    assert due == []
