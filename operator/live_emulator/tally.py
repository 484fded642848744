"""The record of calls in numbers, where reading each would be too much."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from live_emulator.answers import OK
from live_emulator.calls import Call


def tally(calls: Iterable[Call]) -> dict[str, Any]:
    """Calls by action and code, the most accepted in one second, the most at once for a scene."""
    by_action: dict[str, Counter[str]] = {}
    accepted_s: dict[str, list[float]] = {}
    total = 0
    overlapping = 0
    for call in calls:
        total += 1
        by_action.setdefault(call.action, Counter())[call.code or "InFlight"] += 1
        overlapping = max(overlapping, call.overlapping)
        if call.code == OK:
            accepted_s.setdefault(call.action, []).append(call.started_s)
    return {
        "total": total,
        "byAction": {action: dict(codes) for action, codes in by_action.items()},
        "mostOverlapping": overlapping,
        "mostInOneSecond": {action: busiest_second(times) for action, times in accepted_s.items()},
    }


def busiest_second(times_s: list[float]) -> int:
    """The most calls that any half-open second holds; the times are in order."""
    most = first = 0
    for last, time_s in enumerate(times_s):
        while times_s[first] <= time_s - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most
