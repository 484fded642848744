"""What a person writes with a unit, in the unit of the field."""

import re
import unicodedata
from dataclasses import dataclass

_WRITTEN = re.compile(r"([-+−]?)\s*([0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)\s*([^\s0-9.,]*)")
_MAX_DECIMALS = 3
_MAX_DIGITS = 12
_MULTIPLES = {"": 1.0, "x": 1.0, "×": 1.0, "times": 1.0, "倍": 1.0, "%": 0.01}
_DECIBELS = {"db", "dbfs", "分贝"}
_MILLISECONDS = {
    **dict.fromkeys(("", "ms", "msec", "millis", "milliseconds", "毫秒"), 1.0),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒"), 1000.0),
}
_FRAMES = {"f", "fr", "frame", "frames", "帧"}
_SECONDS = {
    **dict.fromkeys(("ms", "msec", "milliseconds", "毫秒"), 0.001),
    **dict.fromkeys(("", "s", "sec", "secs", "second", "seconds", "秒"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分", "分钟"), 60.0),
    **dict.fromkeys(("h", "hr", "hour", "hours", "小时"), 3600.0),
    **dict.fromkeys(("d", "day", "days", "天"), 86400.0),
}
FLOOR_S = 30
"""The operator reads no scene back more often, unless it is set to."""
FRAME_RATES = (25, 30, 50)


@dataclass(frozen=True, slots=True)
class Quantity:
    number: float
    unit: str


def quantity(written: str) -> Quantity | None:
    """A number, with a decimal comma or point, and its unit in lower case."""
    text = unicodedata.normalize("NFKC", written).strip()
    found = _WRITTEN.fullmatch(text)
    if found is None or len(text) > _MAX_DIGITS:
        return None
    sign, number, unit = found.groups()
    value = float(number.replace(",", "."))
    return Quantity(-value if sign in {"-", "−"} else value, unit.lower())


def as_multiple(of: Quantity) -> str | None:
    """A volume as a multiple of the original: 0.5 for -6 dB and for 50%."""
    if of.unit in _DECIBELS:
        return shown(10 ** (of.number / 20)) if abs(of.number) <= 100 else None
    factor = _MULTIPLES.get(of.unit)
    return None if factor is None else shown(of.number * factor)


def as_milliseconds(of: Quantity) -> str | None:
    """A delay in whole milliseconds; frames are told for the usual frame rates."""
    if of.unit in _FRAMES:
        return " or ".join(
            f"{round(of.number * 1000 / rate)} (at {rate} frames a second)" for rate in FRAME_RATES
        )
    factor = _MILLISECONDS.get(of.unit)
    return None if factor is None else f"{round(of.number * factor)}"


def as_duration(of: Quantity) -> str | None:
    """An interval in hours, minutes and seconds, and no shorter than the operator's floor."""
    factor = _SECONDS.get(of.unit)
    if factor is None or of.number <= 0:
        return None
    seconds = max(FLOOR_S, round(of.number * factor))
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)


def shown(number: float) -> str:
    """Three decimals are finer than anyone hears."""
    return f"{round(number, _MAX_DECIMALS):g}"
