import asyncio

import pytest

from caster_scene_audio.tasks import TaskEnded, all_go_on, cancelled, first_of
from tests.support.simulation.virtual_time import run_in_virtual_time


async def goes_on() -> None:
    await asyncio.Event().wait()


async def ends() -> None:
    await asyncio.sleep(5)


async def fails() -> None:
    await asyncio.sleep(5)
    raise ZeroDivisionError


def test_a_task_that_fails_ends_what_relies_on_it_and_is_told() -> None:
    async def story() -> None:
        stopping, one, two = (asyncio.create_task(each) for each in (goes_on(), goes_on(), fails()))
        with pytest.raises(ZeroDivisionError):
            await first_of(stopping, all_go_on(one, two))
        await cancelled(stopping, one)

    run_in_virtual_time(story())


def test_a_task_that_ends_without_a_word_is_no_better() -> None:
    async def story() -> None:
        stopping, one = asyncio.create_task(goes_on()), asyncio.create_task(goes_on())
        two = asyncio.create_task(ends(), name="the sweep")
        with pytest.raises(TaskEnded, match="the sweep"):
            await first_of(stopping, all_go_on(one, two))
        await cancelled(stopping, one, two)

    run_in_virtual_time(story())


def test_a_stop_leaves_the_tasks_to_who_made_them() -> None:
    async def story() -> None:
        stopping, one = asyncio.create_task(ends()), asyncio.create_task(goes_on())

        await first_of(stopping, all_go_on(one))

        assert not one.done()
        await cancelled(one)
        assert one.cancelled()

    run_in_virtual_time(story())


def test_all_are_cancelled_though_one_of_them_had_failed() -> None:
    async def story() -> None:
        failed, other = asyncio.create_task(fails()), asyncio.create_task(goes_on())
        await asyncio.sleep(10)

        with pytest.raises(ZeroDivisionError):
            await cancelled(failed, other)

        assert other.cancelled()

    run_in_virtual_time(story())
