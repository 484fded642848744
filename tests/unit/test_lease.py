"""Who leads, by the Lease: hours of election in virtual time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kubernetes.aio.leaderelection import leaderelection

from caster_scene_audio.leadership import lease
from caster_scene_audio.leadership.lease import LOOK_S
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


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """What we said of trouble, with its words."""
    return [
        (each.getMessage(), vars(each)["error"])
        for each in caplog.records
        if each.name.startswith("caster_scene_audio") and "error" in vars(each)
    ]


@pytest.mark.parametrize(
    ("request_name", "is_there", "sentence"),
    [("create", False, "Lease not created"), ("replace", True, "Lease not updated")],
)
def test_who_may_not_write_the_lease_says_so_once_and_is_not_ready_until_it_may(
    request_name: str, is_there: bool, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(_: LeaseStore, one: Candidate, two: Candidate) -> None:
        if is_there:
            await two.leadership.gained()
            await two.leadership.release()
        one.api.refuses[request_name] = refusal(403)
        waiting = asyncio.create_task(one.leadership.gained())
        troubles = set()
        for _step in range(6000):  # at odd moments, between a look and a try as well
            await asyncio.sleep(0.0937)
            troubles.add(one.liveness.trouble)

        assert troubles <= {"not begun", f"the API server can't be asked: {sentence}: HTTP 403"}
        assert not one.liveness.is_dead
        assert one.lock.has_trouble
        assert logged(caplog) == [(sentence, "HTTP 403")]

        one.api.refuses.clear()
        await waiting
        assert one.liveness.trouble is None
        assert not one.lock.has_trouble

    told(story)


def test_trouble_that_stays_is_told_again_after_a_while(caplog: pytest.LogCaptureFixture) -> None:
    async def story(_: LeaseStore, one: Candidate, __: Candidate) -> None:
        one.api.refuses["create"] = refusal(403)
        waiting = asyncio.create_task(one.leadership.gained())

        await asyncio.sleep(3590)

        assert logged(caplog) == [("Lease not created", "HTTP 403")] * 4
        await over(waiting)

    told(story)


def test_each_kind_of_trouble_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def story(_: LeaseStore, one: Candidate, __: Candidate) -> None:
        waiting = asyncio.create_task(one.leadership.gained())
        for _round in range(50):
            for trouble in (refusal(403), refusal(500), connection_refused()):
                one.api.refuses["create"] = trouble
                await asyncio.sleep(1)

        assert sorted(logged(caplog)) == [
            ("Lease not created", "ClientConnectionError"),
            ("Lease not created", "HTTP 403"),
            ("Lease not created", "HTTP 500"),
        ]
        await over(waiting)

    told(story)


def test_who_was_refused_and_sees_another_lead_is_ready_again() -> None:
    async def story(_: LeaseStore, one: Candidate, two: Candidate) -> None:
        one.api.refuses["create"] = refusal(403)
        waiting = asyncio.create_task(one.leadership.gained())
        await asyncio.sleep(10)

        renewing = await reigning(two)
        await asyncio.sleep(2)

        assert one.liveness.trouble is None
        assert not one.lock.has_trouble
        await over(waiting)
        await over(renewing)

    told(story)


def test_who_comes_second_has_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    async def story(_: LeaseStore, one: Candidate, __: Candidate) -> None:
        one.api.refuses["create"] = refusal(409)
        waiting = asyncio.create_task(one.leadership.gained())

        await asyncio.sleep(10)

        assert one.liveness.trouble is None
        assert logged(caplog) == []
        await over(waiting)

    told(story)


def test_a_leader_whose_right_is_taken_says_why_it_stops(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(_: LeaseStore, one: Candidate, __: Candidate) -> None:
        renewing = await reigning(one)

        one.api.refuses["replace"] = refusal(403)
        await renewing

        assert not await one.leads()
        assert logged(caplog) == [("Lease not updated", "HTTP 403")]

    told(story)


def test_a_leader_that_slept_past_its_lease_calls_nothing_when_it_wakes() -> None:
    async def story(store: LeaseStore, one: Candidate, two: Candidate) -> None:
        renewing = await reigning(one)
        await asyncio.sleep(5)
        led = await one.leads()

        one.clock.slept_s += RENEW_DEADLINE_S + 1
        leads_on = await one.leads()
        began = now()
        await renewing

        assert (led, leads_on) == (True, False)
        assert now() - began <= LOOK_S
        assert not await one.leads()

    told(story)


def test_a_lease_that_is_renewed_at_once_after_a_sleep_makes_no_leader_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "LOOK_S", 5)  # so that the renewal comes before the look

    async def story(store: LeaseStore, one: Candidate, _: Candidate) -> None:
        renewing = await reigning(one)
        await asyncio.sleep(5.1)
        version = store.version

        one.clock.slept_s += 3600
        await asyncio.sleep(2)
        was_renewed = store.version > version
        leads_on = await one.leads()
        await renewing

        assert was_renewed
        assert not leads_on

    told(story)


def test_who_slept_while_another_led_takes_nothing_from_it() -> None:
    async def story(store: LeaseStore, one: Candidate, two: Candidate) -> None:
        renewing = await reigning(one)
        waiting = asyncio.create_task(two.leadership.gained())
        await asyncio.sleep(5)

        two.clock.slept_s += 3600
        await asyncio.sleep(60)

        assert store.holder == "one"
        assert await one.leads()
        assert not waiting.done()
        await over(waiting)
        await over(renewing)

    told(story)


def test_who_waits_for_an_api_server_that_hangs_is_dead_in_the_end() -> None:
    async def story(_: LeaseStore, one: Candidate, __: Candidate) -> None:
        one.api.hangs = True
        waiting = asyncio.create_task(one.leadership.gained())

        await asyncio.sleep(181)

        assert one.liveness.is_dead
        await over(waiting)

    told(story)


def test_who_was_refused_before_the_api_server_hangs_is_dead_in_the_end() -> None:
    async def story(_: LeaseStore, one: Candidate, __: Candidate) -> None:
        one.api.refuses["create"] = refusal(403)
        waiting = asyncio.create_task(one.leadership.gained())
        await asyncio.sleep(10)

        one.api.hangs = True
        await asyncio.sleep(182)

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
