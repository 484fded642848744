"""The clock of the Lease goes on while the machine sleeps."""

import time
from types import SimpleNamespace

from caster_scene_audio.leadership.clock import boot_clock


def test_it_is_the_systems_that_counts_sleep() -> None:
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    before = time.clock_gettime(clock)

    now = boot_clock()()

    assert before <= now <= time.clock_gettime(clock)


def test_where_there_is_none_it_is_the_monotonic_one() -> None:
    without = SimpleNamespace(monotonic=lambda: 12.5)

    assert boot_clock(without)() == 12.5
