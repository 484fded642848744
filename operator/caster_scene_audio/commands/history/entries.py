"""What is known of the past of an object: by its Events, and by the change record."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caster_scene_audio.commands.cluster.cluster import Trouble

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`what` is for a person. `number` and `after` are there where the record tells them."""

    time: str
    reason: str
    what: str
    times: int = 1
    """How often, up to `time`; of several only the newest text is known."""
    who: str | None = None
    request_id: str | None = None
    number: int | None = None
    after: Body | None = None


def of_events(events: Iterable[Body]) -> list[Entry]:
    """Oldest first."""
    return sorted(map(_of_event, events), key=lambda each: each.time)


def of_record(file: str, name: str) -> list[Entry]:
    """Those of the object `namespace/name`, oldest first, counted from 1. Raises Trouble."""
    return [
        Entry(
            time=line["time"],
            reason=line["why"],
            what=_told(line),
            who=line.get("who"),
            request_id=line.get("requestId"),
            number=number,
            after=line["after"] if line["outcome"] == "Applied" else None,
        )
        for number, line in enumerate(_lines(file, name), start=1)
    ]


def _of_event(event: Body) -> Entry:
    series = event.get("series") or {}
    first = event.get("eventTime") or event.get("firstTimestamp") or ""
    return Entry(
        time=series.get("lastObservedTime") or event.get("lastTimestamp") or first,
        reason=event.get("reason", ""),
        what=event.get("message", ""),
        times=series.get("count") or event.get("count") or 1,
    )


def _lines(file: str, name: str) -> Iterator[Body]:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        words = getattr(error, "strerror", None) or "it is no text"
        raise Trouble(f"{file} can't be read: {words}") from None
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found = json.loads(line)
            if found["object"] == name:
                yield found
        except (ValueError, TypeError, KeyError):
            raise Trouble(f"{file} is no change record: see line {number}") from None


def _told(line: Body) -> str:
    """What the call set, and what came of it where that isn't success."""
    layers = "; ".join(_layer(each) for each in line["after"].get("layers", ()))
    parts = [line["after"].get("followMode", ""), layers]
    if line.get("drift"):
        parts.insert(0, f"corrected {line['drift']}")
    if line["outcome"] != "Applied":
        parts.insert(0, f"{line['outcome']} {line['code']}".strip())
    return ", ".join(each for each in parts if each)


def _layer(layer: Body) -> str:
    return f"{layer['locationId']} {layer['volumeRate']:g}"
