import logging
from dataclasses import dataclass

import pytest

from caster_scene_audio.complaint import MOST, PACE_S, Complaint

log = logging.getLogger("complaint")


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def complaint(clock: Clock, caplog: pytest.LogCaptureFixture) -> Complaint:
    caplog.set_level(logging.INFO)
    return Complaint(log, "It fails", relief="It is well", facts={"part": "one"}, clock=clock)


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str | None, int | None]]:
    return [
        (each.message, getattr(each, "error", None), getattr(each, "times", None))
        for each in caplog.records
    ]


def test_the_first_is_told_and_its_like_are_counted_until_the_pace_allows_another(
    complaint: Complaint, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(100):
        complaint.met("HTTP 403")
    before = told(caplog)
    clock.now += PACE_S
    complaint.met("HTTP 403")

    assert before == [("It fails", "HTTP 403", 1)]
    assert told(caplog)[1:] == [("It fails", "HTTP 403", 100)]


def test_another_trouble_is_told_at_once_and_coming_and_going_is_not(
    complaint: Complaint, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(50):
        complaint.met("HTTP 403")
        complaint.met("TimeoutError")
        complaint.over()

    assert told(caplog) == [
        ("It fails", "HTTP 403", 1),
        ("It fails", "TimeoutError", 1),
        ("It is well", None, None),
    ]


def test_the_end_of_what_was_never_told_is_not_told(
    complaint: Complaint, caplog: pytest.LogCaptureFixture
) -> None:
    complaint.over()

    assert not told(caplog)


def test_a_trouble_that_never_reads_the_same_costs_no_memory(complaint: Complaint) -> None:
    for number in range(1000):
        complaint.met(f"trouble {number}")

    assert len(complaint._told_at) <= MOST
    assert len(complaint._untold) <= MOST
