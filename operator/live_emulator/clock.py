"""Time, handed in, so that a test of quotas and dates need not sleep."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """`monotonic` counts seconds for quotas and records; `now` is the date that requests show."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = utc_now


SYSTEM_CLOCK = Clock()
