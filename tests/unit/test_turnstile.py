"""A bounded number at a time, and namespaces take turns."""

import asyncio
from collections.abc import Awaitable, Callable

from caster_scene_audio.reconciler.turnstile import Turnstile
from tests.support.simulation.virtual_time import run_in_virtual_time


class Visits:
    """Who is inside, and in which order they came in."""

    def __init__(self, places: int) -> None:
        self.turnstile = Turnstile(places)
        self.entered: list[str] = []
        self.inside: list[str] = []
        self.most = 0

    def begin(self, namespace: str, *, stays_s: float = 1.0) -> asyncio.Task[None]:
        return asyncio.create_task(self._visit(namespace, stays_s))

    async def _visit(self, namespace: str, stays_s: float) -> None:
        async with self.turnstile.turn(namespace):
            self.entered.append(namespace)
            self.inside.append(namespace)
            self.most = max(self.most, len(self.inside))
            try:
                await asyncio.sleep(stays_s)
            finally:
                self.inside.remove(namespace)


def visiting(places: int, story: Callable[[Visits], Awaitable[None]]) -> None:
    async def told() -> None:
        await story(Visits(places))

    run_in_virtual_time(told())


def test_namespaces_take_turns_whoever_came_first() -> None:
    async def story(here: Visits) -> None:
        visits = [here.begin(each) for each in ["a"] * 9 + ["b"] * 3 + ["c"]]
        await asyncio.gather(*visits)

        # Its three quarters, as nobody else was there; then each in its turn.
        assert here.entered[:9] == ["a", "a", "a", "b", "a", "b", "c", "a", "b"]
        assert here.entered.count("a") == 9
        assert here.most == 4

    visiting(4, story)


def test_whoever_gives_up_leaves_no_place_taken() -> None:
    async def story(here: Visits) -> None:
        inside = [here.begin("a", stays_s=10) for _ in range(2)]
        waiting = [here.begin("a"), here.begin("b"), here.begin("b")]
        await asyncio.sleep(0.5)
        for each in [*waiting, inside[0]]:
            each.cancel()
        await asyncio.gather(*waiting, *inside, return_exceptions=True)
        last = here.begin("c"), here.begin("d"), here.begin("e")
        await asyncio.gather(*last)

        assert here.entered[-3:] == ["c", "d", "e"]
        assert here.most <= 2

    visiting(2, story)


def test_whoever_is_let_in_and_cancelled_at_once_hands_the_place_on() -> None:
    async def story(here: Visits) -> None:
        first = here.begin("a", stays_s=10)
        second = here.begin("b", stays_s=10)
        third, fourth = here.begin("c"), here.begin("d")
        await asyncio.sleep(0.5)
        first.cancel()  # as it leaves, the third is let in
        await asyncio.sleep(0)
        third.cancel()
        await asyncio.wait({fourth}, timeout=5)

        assert here.entered[-1] == "d"
        second.cancel()
        await asyncio.gather(first, second, third, return_exceptions=True)

    visiting(2, story)
