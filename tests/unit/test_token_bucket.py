from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caster_scene_audio.reconciler.token_bucket import RECOVERY_S, SLOWEST, TokenBucket


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def takes(bucket: TokenBucket, clock: Clock, idle_s: list[float]) -> list[float]:
    """Ask after each pause, wait as told, take; when each was taken."""
    taken = []
    for pause_s in idle_s:
        clock.now += pause_s
        while (wait_s := bucket.ready_in_s()) > 0:
            clock.now += wait_s
        bucket.take()
        taken.append(clock.now)
    return taken


@given(
    quota=st.integers(1, 50),
    idle_s=st.lists(st.one_of(st.just(0.0), st.floats(0, 3)), min_size=1, max_size=120),
)
def test_no_second_ever_holds_more_takes_than_the_quota(quota: int, idle_s: list[float]) -> None:
    clock = Clock()
    bucket = TokenBucket(quota_per_s=quota, clock=clock)

    taken = takes(bucket, clock, idle_s)

    for number, start in enumerate(taken):
        within = bisect_left(taken, start + 1.0) - number
        assert within <= quota


@given(
    pauses=st.lists(st.floats(0, 5), min_size=1, max_size=20),
    idle_s=st.lists(st.floats(0, 0.5), min_size=1, max_size=60),
)
def test_throttling_never_lets_more_through(pauses: list[float], idle_s: list[float]) -> None:
    clock = Clock()
    bucket = TokenBucket(quota_per_s=10, clock=clock)

    taken = []
    for number, pause_s in enumerate(idle_s):
        if number < len(pauses):
            bucket.throttle(pauses[number])
        taken += takes(bucket, clock, [pause_s])

    assert all(bisect_left(taken, start + 1.0) - number <= 10 for number, start in enumerate(taken))


def test_it_starts_empty() -> None:
    bucket = TokenBucket(quota_per_s=10, clock=Clock())

    assert bucket.ready_in_s() > 0


def test_a_throttled_answer_rests_the_bucket_for_the_time_given() -> None:
    clock = Clock()
    bucket = TokenBucket(quota_per_s=10, clock=clock)

    bucket.throttle(7.0)

    assert bucket.ready_in_s() == pytest.approx(7.0)


def test_a_throttled_answer_halves_the_rate_and_it_creeps_back() -> None:
    clock = Clock()
    bucket = TokenBucket(quota_per_s=10, clock=clock)
    full = bucket.rate_per_s

    bucket.throttle(1.0)

    assert bucket.rate_per_s == pytest.approx(full / 2)
    clock.now += 1.0 + RECOVERY_S / 2
    assert bucket.rate_per_s == pytest.approx(full * 3 / 4)
    clock.now += RECOVERY_S
    assert bucket.rate_per_s == pytest.approx(full)


def test_calls_throttled_together_halve_the_rate_once() -> None:
    clock = Clock()
    bucket = TokenBucket(quota_per_s=10, clock=clock)
    full = bucket.rate_per_s

    for _ in range(5):
        bucket.throttle(1.0)

    assert bucket.rate_per_s == pytest.approx(full / 2)


def test_however_often_it_is_throttled_it_goes_on() -> None:
    clock = Clock()
    bucket = TokenBucket(quota_per_s=10, clock=clock)
    full = bucket.rate_per_s

    for _ in range(50):
        bucket.throttle(1.0)
        clock.now += 1.0

    assert bucket.rate_per_s >= full * SLOWEST
