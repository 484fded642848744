"""Durations as Kubernetes writes them: `30s`, `10m`, `1h30m`."""

import re

from pydantic import BeforeValidator

PATTERN = "^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$"
_SECONDS = {"h": 3600, "m": 60, "s": 1}


def seconds_of(text: str) -> int:
    """Seconds; raises ValueError for anything but hours, minutes and seconds in this order."""
    if not text or not re.fullmatch(PATTERN[1:-1], text):
        raise ValueError("must be a duration such as 30s, 10m or 1h30m")
    parts = re.findall("([0-9]+)([hms])", text)
    return sum(int(number) * _SECONDS[unit] for number, unit in parts)


DURATION = BeforeValidator(lambda value: seconds_of(value) if isinstance(value, str) else value)
"""Reads one that is written as text; it marks a setting that is a duration, too."""


def duration_of(seconds: float) -> str:
    """As one would write it: `1h30m`, `10m`, `15s`; whole seconds above 0."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "m"), (left, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)
