from dataclasses import dataclass

import pytest

from caster_scene_audio.health import Check, Health, Liveness, Stage

PATH = "/apis/live.alibabacloud.com/v1alpha1/castersceneaudios"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def liveness(clock: Clock) -> Liveness:
    return Liveness(silence_s=180, clock=clock)


@pytest.fixture
def health(liveness: Liveness) -> Health:
    return Health(liveness)


def troubles(checks: tuple[Check, ...]) -> dict[str, str]:
    return {each.name: each.trouble for each in checks if each.trouble is not None}


def serve(health: Health) -> None:
    health.stage = Stage.CALLING
    health.liveness.begin()
    health.liveness.heard(PATH)


def test_one_that_waits_for_the_crd_is_alive_however_long_and_not_ready(
    health: Health, clock: Clock
) -> None:
    clock.now += 86400

    assert not troubles(health.alive())
    assert set(troubles(health.ready())) == {"crd", "objects", "watch", "calls"}


def test_each_stage_is_one_trouble_less(health: Health) -> None:
    health.stage = Stage.SERVED
    after_served = set(troubles(health.ready()))
    health.stage = Stage.LISTED
    after_listed = set(troubles(health.ready()))

    assert after_served == {"objects", "watch", "calls"}
    assert after_listed == {"watch", "calls"}


def test_ready_means_that_the_watch_was_answered_and_calls_are_made(health: Health) -> None:
    health.stage = Stage.CALLING
    health.liveness.begin()
    before = troubles(health.ready())

    health.liveness.heard(PATH)

    assert before == {"watch": "not begun"}
    assert not troubles(health.ready())


def test_one_that_stops_is_alive_and_no_longer_ready(health: Health, clock: Clock) -> None:
    serve(health)

    health.stage = Stage.STOPPING
    clock.now += 600

    assert not troubles(health.alive())
    assert troubles(health.ready())["calls"] == "stopping"


def test_one_that_stands_by_is_ready_where_it_sees_the_lease(health: Health) -> None:
    health.stage = Stage.STANDING_BY
    health.liveness.begin()
    before = troubles(health.ready())
    health.liveness.heard("lease here/operator")
    seen = troubles(health.ready())
    health.liveness.failed("lease here/operator", "HTTP 403")

    assert before == {"lease": "not begun"}
    assert not seen
    assert troubles(health.ready()) == {"lease": "the API server can't be asked: HTTP 403"}
    assert not troubles(health.alive())


def test_silence_up_to_the_bound_is_fine_and_beyond_it_fails_both(
    health: Health, clock: Clock
) -> None:
    serve(health)

    clock.now += 180
    within = troubles(health.alive()) | troubles(health.ready())
    clock.now += 1

    assert not within
    assert troubles(health.alive()) == {"watch": "no sign of life for 181 s"}
    assert set(troubles(health.ready())) == {"watch"}


def test_a_watch_that_never_asks_for_anything_is_dead_after_the_bound(
    health: Health, clock: Clock
) -> None:
    health.liveness.begin()

    clock.now += 181

    assert troubles(health.alive())


def test_an_api_server_that_refuses_for_hours_costs_readiness_alone(
    health: Health, clock: Clock
) -> None:
    serve(health)

    for _ in range(100):
        clock.now += 60
        health.liveness.failed(PATH, "ClientConnectorError")

    assert not troubles(health.alive())
    assert troubles(health.ready()) == {
        "watch": "the API server can't be asked: ClientConnectorError"
    }


def test_when_it_answers_again_all_is_well(health: Health, clock: Clock) -> None:
    serve(health)
    health.liveness.failed(PATH, "HTTP 503")
    clock.now += 600

    health.liveness.heard(PATH)

    assert not troubles(health.alive())
    assert not troubles(health.ready())


def test_requests_that_end_in_silence_are_no_sign_of_life(health: Health, clock: Clock) -> None:
    serve(health)

    for _ in range(4):
        clock.now += 50
        health.liveness.unanswered(PATH)

    assert troubles(health.alive()) == {"watch": "no sign of life for 200 s"}


def test_a_request_that_is_given_up_costs_readiness_at_once(health: Health) -> None:
    serve(health)

    health.liveness.unanswered(PATH)

    assert troubles(health.ready()) == {"watch": "the API server can't be asked: no answer in time"}
    assert not troubles(health.alive())


def test_of_several_watches_the_most_silent_one_counts(health: Health, clock: Clock) -> None:
    serve(health)
    health.liveness.heard("/other")

    clock.now += 181
    health.liveness.heard(PATH)

    assert health.liveness.silent_for_s == 181
    assert troubles(health.alive())
