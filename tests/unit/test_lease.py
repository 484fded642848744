"""Who leads, by the Lease: hours of election in virtual time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kubernetes.aio.leaderelection import leaderelection

from tests.support.leadership.leases import (
    DURATION_S,
    Candidate,
    LeaseStore,
    candidate,
    connection_refused,
    refusal,
)
from tests.support.simulation.virtual_time import run_in_virtual_time

Story = Callable[[LeaseStore, Candidate, Candidate], Awaitable[None]]
RENEW_DEADLINE_S = DURATION_S * 2 / 3


def told(story: Story) -> None:
    """Of two candidates for one Lease."""

    async def begin() -> None:
        store = LeaseStore()
        await story(store, candidate(store, "one"), candidate(store, "two"))

    run_in_virtual_time(begin())


async def reigning(leader: Candidate) -> asyncio.Task[None]:
    """It holds the Lease, and goes on renewing it."""
    await leader.leadership.gained()
    return asyncio.create_task(leader.leadership.lost())


async def over(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def now() -> float:
    return asyncio.get_running_loop().time()


def test_one_leads_and_the_other_waits_however_long() -> None:
    async def story(store: LeaseStore, one: Candidate, two: Candidate) -> None:
        renewing = await reigning(one)
        waiting = asyncio.create_task(two.leadership.gained())

        await asyncio.sleep(3600)

        assert store.holder == "one"
        assert await one.leads()
        assert not await two.leads()
        assert not waiting.done()
        await over(waiting)
        await over(renewing)

    told(story)


def test_a_leader_that_dies_is_followed_after_its_lease_and_no_sooner() -> None:
    async def story(store: LeaseStore, one: Candidate, two: Candidate) -> None:
        renewing = await reigning(one)
        waiting = asyncio.create_task(two.leadership.gained())
        await asyncio.sleep(60)

        await over(renewing)
        died = now()
        await waiting

        assert DURATION_S - 1.5 < now() - died < DURATION_S + 1.5
        assert store.holder == "two"
        assert await two.leads()

    told(story)


@pytest.mark.parametrize("cut", ["hangs", "refused", "forbidden"])
def test_a_leader_that_is_cut_off_stops_before_another_may_begin(cut: str) -> None:
    async def story(_: LeaseStore, one: Candidate, two: Candidate) -> None:
        renewing = await reigning(one)
        waiting = asyncio.create_task(two.leadership.gained())
        await asyncio.sleep(60)

        one.api.hangs = cut == "hangs"
        one.api.trouble = {"refused": connection_refused(), "forbidden": refusal(403)}.get(cut)
        began = now()
        await renewing
        ended = now() - began
        led_after = await one.leads()
        await waiting

        assert RENEW_DEADLINE_S - 1.5 < ended <= RENEW_DEADLINE_S
        assert not led_after
        assert now() - began >= DURATION_S - 1.1

    told(story)


def test_a_lease_that_is_given_back_is_taken_within_the_next_look() -> None:
    async def story(store: LeaseStore, one: Candidate, two: Candidate) -> None:
        renewing = await reigning(one)
        waiting = asyncio.create_task(two.leadership.gained())
        await asyncio.sleep(60)

        await over(renewing)
        await one.leadership.release()
        released = now()
        led_after = await one.leads()
        await waiting

        assert not led_after
        assert now() - released < 1.1
        assert store.holder == "two"

    told(story)


def test_who_stood_by_all_along_gives_nothing_back() -> None:
    async def story(store: LeaseStore, one: Candidate, two: Candidate) -> None:
        renewing = await reigning(one)
        waiting = asyncio.create_task(two.leadership.gained())
        await asyncio.sleep(60)
        await over(waiting)
        asked = len(two.api.requests)

        await two.leadership.release()

        assert store.holder == "one"
        assert two.api.requests == ["read"] * asked
        await over(renewing)


def test_who_is_stopped_while_it_takes_the_lease_gives_it_back() -> None:
    async def story(store: LeaseStore, one: Candidate, _: Candidate) -> None:
        one.api.loses_answers = True
        taking = asyncio.create_task(one.leadership.gained())
        await asyncio.sleep(1)
        assert store.holder == "one"
        await over(taking)
        one.api.loses_answers = False

        await one.leadership.release()

        assert store.holder is None

    told(story)


def test_a_lease_that_another_took_meanwhile_is_left_alone() -> None:
    async def story(store: LeaseStore, one: Candidate, two: Candidate) -> None:
        await one.leadership.gained()
        await two.leadership.gained()

        await one.leadership.release()

        assert store.holder == "two"

    told(story)


def test_a_release_is_tried_again_after_a_conflict(caplog: pytest.LogCaptureFixture) -> None:
    async def story(store: LeaseStore, one: Candidate, _: Candidate) -> None:
        await one.leadership.gained()
        one.api.trouble = refusal(409)
        asyncio.get_running_loop().call_later(0.015, setattr, one.api, "trouble", None)

        await one.leadership.release()

        assert store.holder is None
        assert not caplog.records

    told(story)


def test_a_release_that_fails_says_so_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    async def story(store: LeaseStore, one: Candidate, _: Candidate) -> None:
        await one.leadership.gained()
        one.api.hangs = True

        await one.leadership.release()

        assert store.holder == "one"
        assert "Lease not released" in caplog.text

    told(story)


@pytest.mark.parametrize("step_s", [3600, -3600], ids=["ahead", "back"])
def test_a_clock_that_is_set_makes_neither_two_leaders_nor_none(
    step_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(_: LeaseStore, one: Candidate, two: Candidate) -> None:
        wall = SimpleNamespace(ahead_s=0.0)
        loop_time = asyncio.get_running_loop().time
        clock = SimpleNamespace(time=lambda: 1.7e9 + loop_time() + wall.ahead_s)
        monkeypatch.setattr(leaderelection, "time", clock)
        renewing = await reigning(one)
        waiting = asyncio.create_task(two.leadership.gained())
        await asyncio.sleep(60)

        await over(renewing)
        died = now()
        wall.ahead_s = step_s
        await waiting

        assert DURATION_S - 1.5 < now() - died < DURATION_S + 1.5

    told(story)


def test_a_leader_that_sees_another_name_in_the_lease_stops_at_once() -> None:
    async def story(store: LeaseStore, one: Candidate, _: Candidate) -> None:
        renewing = await reigning(one)
        await asyncio.sleep(5)

        usurped = store.lease
        usurped.spec.holder_identity = "somebody"
        store.put(usurped)
        began = now()
        await renewing

        assert now() - began < 1.5
        assert not await one.leads()

    told(story)


def test_who_can_not_reach_the_lease_says_why_once_and_is_not_ready(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(_: LeaseStore, one: Candidate, __: Candidate) -> None:
        one.api.trouble = refusal(403)
        waiting = asyncio.create_task(one.leadership.gained())
        await asyncio.sleep(600)

        assert one.liveness.trouble == "the API server can't be asked: HTTP 403"
        assert not one.liveness.is_dead
        ours = [each for each in caplog.records if each.name.startswith("caster_scene_audio")]
        assert [each.getMessage() for each in ours] == ["Lease not read"]

        one.api.trouble = None
        await waiting
        assert one.liveness.trouble is None

    caplog.set_level(logging.INFO)
    told(story)


def test_who_waits_for_an_api_server_that_hangs_is_dead_in_the_end() -> None:
    async def story(_: LeaseStore, one: Candidate, __: Candidate) -> None:
        one.api.hangs = True
        waiting = asyncio.create_task(one.leadership.gained())

        await asyncio.sleep(181)

        assert one.liveness.is_dead
        await over(waiting)

    told(story)


OUTAGES = st.lists(
    st.tuples(st.floats(0, 120), st.floats(0.1, 40), st.sampled_from(["hangs", "refused"])),
    max_size=6,
)


@given(st.lists(OUTAGES, min_size=2, max_size=3))
@settings(max_examples=25, deadline=None)
def test_never_two_lead_whatever_fails_and_in_the_end_one_does(
    outages: list[list[tuple[float, float, str]]],
) -> None:
    async def life(each: Candidate, outages: list[tuple[float, float, str]]) -> None:
        loop = asyncio.get_running_loop()
        for begin_s, length_s, kind in outages:
            trouble = {"hangs": True} if kind == "hangs" else {"trouble": connection_refused()}
            for name, value in trouble.items():
                loop.call_later(begin_s, setattr, each.api, name, value)
                loop.call_later(begin_s + length_s, setattr, each.api, name, value and None)
        while True:
            await each.leadership.gained()
            await each.leadership.lost()

    async def story() -> None:
        store = LeaseStore()
        candidates = [candidate(store, f"{number}") for number in range(len(outages))]
        lives = [asyncio.create_task(life(*pair)) for pair in zip(candidates, outages, strict=True)]
        leading = 0
        while now() < 200:
            leading = sum([await each.leads() for each in candidates])
            assert leading <= 1
            await asyncio.sleep(0.2)
        assert leading == 1
        for each in lives:
            await over(each)

    run_in_virtual_time(story())
