import asyncio
from collections.abc import Iterator
from threading import Lock

import pytest

from caster_scene_audio.watch import watch_loop
from caster_scene_audio.watch.watch_loop import WatchLoop, WatchStuck


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_loop, "ECHO_S", 0.05)


@pytest.fixture
def held() -> Iterator[Lock]:
    """Who asks for it hangs, until it is given back."""
    lock = Lock()
    lock.acquire()
    yield lock
    if lock.locked():
        lock.release()


async def hangs(held: Lock) -> None:
    """With the whole loop, as a plugin does that never answers."""
    with held:
        pass


async def test_the_loop_that_begins_it_goes_on_meanwhile(
    held: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = WatchLoop._serve

    def late(self: WatchLoop) -> None:
        with held:
            serve(self)

    monkeypatch.setattr(WatchLoop, "_serve", late)
    there = WatchLoop()
    entering = asyncio.create_task(there.__aenter__())
    await asyncio.sleep(0.05)
    held.release()
    await entering

    result = await there.run(asyncio.sleep(0, "done"))
    await there.__aexit__(None, None, None)

    assert result == "done"


async def test_what_it_runs_gives_back_its_result_and_what_it_raises() -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    async with WatchLoop() as there:
        result = await there.run(asyncio.sleep(0, "done"))
        with pytest.raises(ZeroDivisionError):
            await there.run(fails())

    assert result == "done"


async def test_a_loop_that_does_nothing_any_more_is_noticed(held: Lock) -> None:
    async with WatchLoop() as there:
        hanging = asyncio.create_task(there.run(hangs(held)))

        with pytest.raises(WatchStuck):
            await there.until_stuck(0.1)
        held.release()
        await hanging


async def test_a_loop_that_goes_on_after_a_while_is_not_taken_for_dead(held: Lock) -> None:
    async with WatchLoop() as there:
        watching = asyncio.create_task(there.until_stuck(30.0))
        hanging = asyncio.create_task(there.run(hangs(held)))
        await asyncio.sleep(0.3)
        held.release()
        await hanging
        await asyncio.sleep(0.3)

        assert not watching.done()
        watching.cancel()


async def test_the_end_cancels_what_still_runs_and_waits_for_it() -> None:
    ended = []

    async def cleans_up() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            ended.append(True)

    async with WatchLoop() as there:
        running = asyncio.create_task(there.run(cleans_up()))
        await asyncio.sleep(0.05)

    assert ended == [True]
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_an_end_that_takes_for_ever_is_not_waited_for(
    held: Lock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watch_loop, "CLOSE_S", 0.1)

    async with WatchLoop() as there:
        hanging = asyncio.create_task(there.run(hangs(held)))
        await asyncio.sleep(0.05)
    held.release()
    await asyncio.gather(hanging, return_exceptions=True)

    assert caplog.messages == ["The watch didn't end in time"]
