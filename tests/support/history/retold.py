"""What happened to a scene, told by its Events alone: each mix, each failure, each correction."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.support.history.mix import Mix, Strip

CHANGED, CORRECTED = "Changed: ", "Corrected: "
FIELDS = {
    "volumeRate": ("volume", float),
    "validChannel": ("channel", str),
    "fixedDelayMilliseconds": ("delay_ms", int),
    "filter": ("filter", str),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`mix` is what the scene sounds like from then on."""

    reason: str
    mix: Mix
    what: str = ""


def retold(events: Iterable[Any]) -> list[Entry]:
    """By the order in which they happened; one that repeats stands for its first and its last."""
    mix, entries = Mix(), []
    for event in _in_order(events):
        what = event.note.partition(CHANGED)[2]
        for each in _apart(what):
            mix = _after(mix, each)
        entries.append(
            Entry(reason=event.reason, mix=mix, what=what or event.note.partition(CORRECTED)[2])
        )
    return entries


def _in_order(events: Iterable[Any]) -> list[Any]:
    moments = []
    for event in events:
        moments.append((event.event_time, event))
        if event.series is not None:
            assert event.series.count == 2, f"only the last of more is known: {event.note}"
            moments.append((event.series.last_observed_time, event))
    return [event for _, event in sorted(moments, key=lambda each: each[0])]


def _apart(listed: str) -> Iterator[str]:
    """Its parts; what stands in brackets is one."""
    assert "more" not in listed.rpartition(", and ")[2], listed
    yield from (each for each in re.split(r", (?![^(\[]*[)\]])", listed) if each)


def _after(mix: Mix, change: str) -> Mix:
    if found := re.fullmatch(r"followMode (?:\w+ →|set to) (\w+)", change):
        return replace(mix, follow_mode=found[1])
    if found := re.fullmatch(r"(\S+) (?:added|set to) \((.*)\)", change):
        return replace(mix, strips=(*mix.strips, _strip(found[1], found[2])))
    if found := re.fullmatch(r"(\S+) removed", change):
        return replace(mix, strips=tuple(s for s in mix.strips if s.location != found[1]))
    if found := re.fullmatch(r"order \[.*\] → \[(.*)\]", change):
        order = found[1].split(", ")
        return replace(mix, strips=tuple(sorted(mix.strips, key=lambda s: order.index(s.location))))
    found = re.fullmatch(r"(\S+) (\w+) .* → (.*)", change)
    assert found, change
    return replace(mix, strips=tuple(_altered(each, *found.groups()) for each in mix.strips))


def _altered(strip: Strip, location: str, name: str, value: str) -> Strip:
    if strip.location != location:
        return strip
    member, parse = FIELDS[name]
    return replace(strip, **{member: parse(value)})


def _strip(location: str, words: str) -> Strip:
    volume, *rest = words.split(", ")
    strip = Strip(location=location, volume=float(volume))
    for each in rest:
        if found := re.fullmatch(r"delay (\d+) ms", each):
            strip = replace(strip, delay_ms=int(found[1]))
        elif each.endswith("Channel"):
            strip = replace(strip, channel=each)
        else:
            strip = replace(strip, filter=each)
    return strip
