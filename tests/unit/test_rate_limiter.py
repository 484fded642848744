"""The rate limit under whatever the network does to calls and answers, in virtual time."""

import heapq
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caster_scene_audio.reconciler.rate_limiter import (
    RECOVERY_S,
    SLOT_GOOD_FOR_S,
    SLOWEST,
    RateLimiter,
    Slot,
)
from caster_scene_audio.reconciler.round_trip import RoundTrip

GIVEN_UP_S = 2.0
"""After that a caller waits no longer for an answer."""


@dataclass(frozen=True)
class Trip:
    """What becomes of one call, in seconds."""

    there_s: float = 0.0
    back_s: float = 0.0
    idle_s: float = 0.0
    """Before it is wanted, after the one before it got its slot."""
    held_s: float = 0.0
    """From its slot to its leaving."""
    is_lost: bool = False
    """Its answer, that is."""
    is_given_up: bool = False
    """Before it leaves."""


@dataclass
class World:
    """A limiter, a clock, and calls that are under way."""

    quota: float
    now: float = 1000.0
    arrived: list[float] = field(default_factory=list)
    left: list[float] = field(default_factory=list)
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.limiter = RateLimiter(
            quota_per_s=self.quota, clock=lambda: self.now, used_until=self.now
        )

    def at(self, when: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), what))

    def until(self, when: float) -> None:
        """Let happen what does until then."""
        while self._events and self._events[0][0] <= when:
            self.now, _, happens = heapq.heappop(self._events)
            happens()
        self.now = when

    def slot(self) -> Slot:
        """As soon as one is there."""
        while (wait_s := self.limiter.ready_in_s()) > 0:
            answer_at = self._events[0][0] if self._events else inf
            assert min(self.now + wait_s, answer_at) < inf
            self.until(min(self.now + wait_s, answer_at))
        return self.limiter.take()

    def send(self, trip: Trip) -> None:
        self.until(self.now + trip.idle_s)
        slot = self.slot()
        self.at(self.now + trip.held_s, lambda: self._leave(slot, trip))

    def _leave(self, slot: Slot, trip: Trip) -> None:
        if trip.is_given_up or not slot.is_good:
            slot.done()
            return
        slot.leave()
        self.left.append(self.now)
        self.arrived.append(self.now + trip.there_s)
        if trip.is_lost:
            self.at(self.now + GIVEN_UP_S, slot.done)
        else:
            self.at(self.now + trip.there_s + trip.back_s, slot.answered)


def most_in_a_second(times: Sequence[float]) -> int:
    ordered = sorted(times)
    return max(bisect_left(ordered, each + 1) - at for at, each in enumerate(ordered))


def sent(quota: float, trips: Sequence[Trip], *, start_s: float = 0.0) -> World:
    world = World(quota)
    world.until(world.now + start_s)
    for trip in trips:
        world.send(trip)
    world.until(world.now + 10)
    return world


def trips(floor_s: st.SearchStrategy[float]) -> st.SearchStrategy[list[Trip]]:
    """Each way takes the half of a floor, or whatever more."""
    more_s = st.one_of(st.just(0.0), st.floats(0, 0.4))

    def above(floor_s: float) -> st.SearchStrategy[list[Trip]]:
        each_way = more_s.map(lambda more: floor_s / 2 + more)
        trip = st.builds(
            Trip,
            there_s=each_way,
            back_s=each_way,
            idle_s=st.one_of(st.just(0.0), st.just(0.0), st.floats(0, 3)),
            held_s=st.one_of(st.just(0.0), st.floats(0, 1.5)),
            is_lost=st.integers(0, 9).map(lambda number: number == 0),
            is_given_up=st.integers(0, 9).map(lambda number: number == 0),
        )
        return st.lists(trip, min_size=1, max_size=80)

    return floor_s.flatmap(above)


@pytest.fixture
def nothing_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RoundTrip, "took", lambda self, seconds: None)


@pytest.mark.usefixtures("nothing_learned")
@given(quota=st.integers(1, 20), calls=trips(st.just(0.0)))
def test_no_second_at_the_service_sees_more_calls_than_the_quota(
    quota: int, calls: list[Trip]
) -> None:
    world = sent(quota, calls)

    assert not world.arrived or most_in_a_second(world.arrived) <= quota


@given(quota=st.integers(1, 20), floor_s=st.floats(0, 0.4), calls=trips(st.just(0.0)))
def test_nor_does_one_where_the_floor_of_the_round_trip_is_counted_on(
    quota: int, floor_s: float, calls: list[Trip]
) -> None:
    """Calls that take as long as the floor are many, as it is the floor of all."""
    settled = [Trip(there_s=floor_s / 2, back_s=floor_s / 2)] * 16
    longer = [
        Trip(
            there_s=each.there_s + floor_s / 2,
            back_s=each.back_s + floor_s / 2,
            idle_s=each.idle_s,
            held_s=each.held_s,
            is_lost=each.is_lost,
        )
        for each in calls
    ]

    world = sent(quota, [*settled, *longer])

    assert most_in_a_second(world.arrived) <= quota


@given(before_s=st.floats(0.05, 0.4), after_s=st.floats(0, 0.05), quota=st.integers(1, 10))
def test_one_call_too_many_at_most_where_the_round_trip_becomes_quicker(
    before_s: float, after_s: float, quota: int
) -> None:
    slow = [Trip(there_s=before_s, back_s=0.0)] * 80
    quick = [Trip(there_s=0.0, back_s=after_s)] * 40

    world = sent(quota, [*slow, *quick])

    assert most_in_a_second(world.arrived) <= quota + 1


@pytest.mark.parametrize("round_trip_s", [0.0, 0.03, 0.2])
def test_distance_costs_no_throughput(round_trip_s: float) -> None:
    world = sent(10, [Trip(there_s=round_trip_s / 2, back_s=round_trip_s / 2)] * 200, start_s=5)

    assert world.left[-1] - world.left[0] <= 20.1 + 2 * round_trip_s


def test_a_round_trip_that_varies_costs_little() -> None:
    back_s = [0.08 + 0.004 * (number * 7 % 11) for number in range(200)]

    world = sent(10, [Trip(there_s=0.1, back_s=each) for each in back_s], start_s=5)

    assert world.left[-1] - world.left[0] <= 21.4


def test_an_account_that_was_idle_lets_a_seconds_calls_go_at_once() -> None:
    world = sent(10, [Trip()] * 10, start_s=5)

    assert world.left[-1] == world.left[0] == 1005


def test_in_a_backlog_calls_are_spaced_evenly() -> None:
    world = sent(10, [Trip(there_s=0.01, back_s=0.01)] * 60, start_s=5)

    gaps = [after - before for before, after in pairwise(world.left[10:])]
    assert all(each == pytest.approx(0.1, abs=0.021) for each in gaps)


def test_after_a_start_another_process_may_have_used_the_last_second() -> None:
    world = sent(10, [Trip()])

    assert world.left == pytest.approx([1001], rel=1e-6)


def test_a_slot_that_nobody_uses_is_void_and_holds_up_others_no_longer() -> None:
    world = World(1)
    world.until(1005)
    unused = world.slot()

    world.slot()

    assert world.now == pytest.approx(1005 + SLOT_GOOD_FOR_S)
    assert not unused.is_good


def test_a_slot_that_is_given_back_is_free_at_once() -> None:
    world = World(1)
    world.until(1005)

    world.slot().done()

    assert world.limiter.ready_in_s() == 0


def test_a_call_without_an_answer_counts_until_nobody_waits_for_it() -> None:
    world = sent(1, [Trip(is_lost=True), Trip()], start_s=5)

    assert world.left == pytest.approx([1005, 1005 + GIVEN_UP_S + 1])


@pytest.mark.parametrize(("quota", "apart_s"), [(0.5, 2), (1, 1), (4, 0.25)])
def test_any_quota_is_used_up(quota: float, apart_s: float) -> None:
    world = sent(quota, [Trip()] * 40, start_s=5)

    assert world.left[-1] - world.left[-2] == pytest.approx(apart_s, rel=1e-3)


def test_it_tells_how_many_calls_may_leave_at_once() -> None:
    world = World(10)

    tokens = [world.limiter.tokens]
    world.until(1005)
    tokens.append(world.limiter.tokens)
    for _ in range(4):
        world.limiter.take().leave()
    tokens.append(world.limiter.tokens)

    assert tokens == [0, 10, 6]


@given(
    pauses=st.lists(st.floats(0, 5), min_size=1, max_size=20),
    idle_s=st.lists(st.floats(0, 0.5), min_size=1, max_size=60),
)
def test_throttling_never_lets_more_through(pauses: list[float], idle_s: list[float]) -> None:
    world = World(10)

    for number, pause_s in enumerate(idle_s):
        if number < len(pauses):
            world.limiter.throttle(pauses[number])
        world.send(Trip(idle_s=pause_s))
    world.until(world.now + 10)

    assert most_in_a_second(world.arrived) <= 10


def test_a_throttled_answer_rests_it_for_the_time_given() -> None:
    world = World(10)
    world.until(1005)

    world.limiter.throttle(7.0)

    assert world.limiter.ready_in_s() == pytest.approx(7.0)


def test_a_throttled_answer_halves_the_rate_and_it_creeps_back() -> None:
    world = World(10)
    world.until(1005)

    world.limiter.throttle(1.0)

    assert world.limiter.rate_per_s == pytest.approx(5, rel=1e-3)
    world.until(1006 + RECOVERY_S / 2)
    assert world.limiter.rate_per_s == pytest.approx(7.5, rel=1e-3)
    world.until(1006 + RECOVERY_S)
    assert world.limiter.rate_per_s == pytest.approx(10, rel=1e-3)
    assert not world.limiter.is_throttled


def test_while_it_is_throttled_calls_are_spaced_evenly() -> None:
    world = World(10)
    world.until(1005)
    world.limiter.throttle(1.0)

    for _ in range(3):
        world.send(Trip())
    world.until(1020)

    assert world.left[0] == pytest.approx(1006)
    assert all(after - before > 0.19 for before, after in pairwise(world.left))


def test_calls_throttled_together_halve_the_rate_once() -> None:
    world = World(10)

    for _ in range(5):
        world.limiter.throttle(1.0)

    assert world.limiter.rate_per_s == pytest.approx(5, rel=1e-3)


def test_however_often_it_is_throttled_it_goes_on() -> None:
    world = World(10)

    for _ in range(50):
        world.limiter.throttle(1.0)
        world.until(world.now + 1)

    assert world.limiter.rate_per_s >= 9.99 * SLOWEST


def test_one_that_rests_or_remembers_calls_is_not_as_new() -> None:
    world = World(10)
    world.until(1005)

    found = [world.limiter.is_as_new]
    world.send(Trip(there_s=0.1, back_s=0.1))
    world.until(1005.5)
    found.append(world.limiter.is_as_new)
    world.until(1007)
    found.append(world.limiter.is_as_new)
    world.limiter.throttle(60)
    found.append(world.limiter.is_as_new)

    assert found == [True, False, True, False]
