from collections.abc import Callable
from dataclasses import dataclass

import pytest

from caster_scene_audio.health import Check, Health, Liveness, Stage, Watches

LEASE = "lease here/operator"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(clock: Clock) -> Callable[..., Health]:
    def make(*namespaces: str) -> Health:
        return Health(
            Liveness(silence_s=180, clock=clock), Watches(namespaces, silence_s=180, clock=clock)
        )

    return make


@pytest.fixture
def health(made: Callable[..., Health]) -> Health:
    return made()


def troubles(checks: tuple[Check, ...]) -> dict[str, str]:
    return {each.name: each.trouble for each in checks if each.trouble is not None}


def is_ready(health: Health) -> bool:
    return all(each.trouble is None or each.is_partial for each in health.ready())


def serve(health: Health, *namespaces: str) -> None:
    health.stage = Stage.CALLING
    health.watches.begin()
    for each in namespaces or ("*",):
        health.watches.served(each)


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
    health.watches.begin()
    before = troubles(health.ready())

    health.watches.served("*")

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
    health.liveness.heard(LEASE)
    seen = troubles(health.ready())
    health.liveness.failed(LEASE, "HTTP 403")

    assert before == {"lease": "not begun"}
    assert not seen
    assert troubles(health.ready()) == {"lease": "the API server can't be asked: HTTP 403"}
    assert not troubles(health.alive())


def test_looks_at_the_lease_that_end_in_silence_are_no_sign_of_life(
    health: Health, clock: Clock
) -> None:
    health.stage = Stage.STANDING_BY
    health.liveness.begin()
    health.liveness.heard(LEASE)

    for _ in range(4):
        clock.now += 50
        health.liveness.unanswered(LEASE)

    assert troubles(health.alive()) == {"watch": "no sign of life for 200 s"}
    assert troubles(health.ready()) == {"lease": "no sign of life for 200 s"}


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
    health.watches.begin()

    clock.now += 181

    assert troubles(health.alive())


def test_an_api_server_that_refuses_for_hours_costs_readiness_alone(
    health: Health, clock: Clock
) -> None:
    serve(health)

    for _ in range(100):
        clock.now += 60
        health.watches.failed("*", "ClientConnectorError")

    assert not troubles(health.alive())
    assert troubles(health.ready()) == {"watch": "ClientConnectorError"}


def test_when_it_answers_again_all_is_well(health: Health, clock: Clock) -> None:
    serve(health)
    health.watches.failed("*", "HTTP 503")
    clock.now += 600

    health.watches.served("*")

    assert not troubles(health.alive())
    assert not troubles(health.ready())


def test_requests_that_end_in_silence_are_no_sign_of_life(health: Health, clock: Clock) -> None:
    serve(health)

    for _ in range(4):
        clock.now += 50
        health.watches.unanswered("*", "no answer in time")

    assert troubles(health.alive()) == {"watch": "no sign of life for 200 s"}


def test_a_request_that_is_given_up_costs_readiness_at_once(health: Health) -> None:
    serve(health)

    health.watches.unanswered("*", "no answer in time")

    assert troubles(health.ready()) == {"watch": "no answer in time"}
    assert not troubles(health.alive())


def test_a_namespace_that_is_refused_is_told_and_costs_no_readiness_while_another_is_watched(
    made: Callable[..., Health],
) -> None:
    health = made("one", "two")
    serve(health, "one", "two")

    health.watches.failed("two", "HTTP 403 Forbidden")

    assert troubles(health.ready()) == {"namespace two": "HTTP 403 Forbidden"}
    assert is_ready(health)


def test_where_no_namespace_is_watched_the_operator_is_not_ready(
    made: Callable[..., Health],
) -> None:
    health = made("one", "two")
    serve(health, "one", "two")

    health.watches.failed("one", "HTTP 404 Not Found")
    health.watches.failed("two", "HTTP 403 Forbidden")

    assert troubles(health.ready())["watch"] == "HTTP 403 Forbidden, HTTP 404 Not Found"
    assert not is_ready(health)


def test_a_silent_watch_is_no_reason_for_a_restart_while_another_is_heard(
    made: Callable[..., Health], clock: Clock
) -> None:
    health = made("one", "two")
    serve(health, "one", "two")

    for _ in range(4):
        clock.now += 50
        health.watches.unanswered("one", "no answer in time")
        health.watches.heard()

    assert not troubles(health.alive())
    assert is_ready(health)


def test_of_many_namespaces_that_are_refused_a_probe_names_some(
    made: Callable[..., Health],
) -> None:
    names = [f"team-{number:02}" for number in range(50)]
    health = made(*names)
    serve(health, "team-49")

    told = troubles(health.ready())

    assert len(told) == 21
    assert told["namespaces"] == "29 more"
