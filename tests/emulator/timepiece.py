"""A clock that a test moves."""

from datetime import UTC, datetime, timedelta

from live_emulator.clock import Clock

NOON = datetime(2025, 8, 15, 12, tzinfo=UTC)


class Timepiece:
    def __init__(self) -> None:
        self.elapsed_s = 0.0

    def pass_by(self, seconds: float) -> None:
        self.elapsed_s += seconds

    def monotonic(self) -> float:
        return 1000.0 + self.elapsed_s

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.elapsed_s)

    def clock(self) -> Clock:
        return Clock(monotonic=self.monotonic, now=self.now)
