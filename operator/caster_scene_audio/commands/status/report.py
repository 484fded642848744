"""The standings as text that fits the terminal, as JSON, and as a line for each change."""

import json
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from caster_scene_audio.commands.status.standing import Standing, State
from caster_scene_audio.commands.terminal import GREEN, RED, YELLOW, Terminal

CLEAR = "\x1b[H\x1b[2J"
COLOURS = {State.PERSON: RED, State.RETRIED: YELLOW, State.WAITS: YELLOW, State.FINE: GREEN}
SIGNS = {State.PERSON: "!", State.RETRIED: "~", State.WAITS: ".", State.FINE: " "}
INDENT = "    "
WIDEST = 120
"""Longer lines are hard to read, however wide the terminal is."""


def as_text(found: Sequence[Standing], terminal: Terminal) -> None:
    width = min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
    longest = max((len(_name(each)) for each in found), default=0)
    for each in found:
        name = _name(each).ljust(min(longest, width // 2))
        line = f"{SIGNS[each.state]} {name}  {each.reason}"
        terminal.put(terminal.coloured(line, COLOURS[each.state]))
        if each.state is not State.FINE:
            for words in _words(each):
                terminal.put(_wrapped(words, width))


def as_json(found: Sequence[Standing], terminal: Terminal) -> None:
    told = {"objects": [_members(each) for each in found]}
    terminal.put(json.dumps(told, ensure_ascii=False, indent=2))


def as_lines(found: Sequence[Standing], output: str, terminal: Terminal) -> None:
    """Each by itself, for who reads a pipe."""
    for each in found:
        if output == "json":
            terminal.put(json.dumps(_members(each), ensure_ascii=False))
        else:
            terminal.put(f"{SIGNS[each.state]} {_name(each)}  {each.reason}  {each.message}")
    terminal.data.flush()


def as_gone(gone: Sequence[Standing], output: str, terminal: Terminal) -> None:
    for each in gone:
        if output == "json":
            members = {"namespace": each.namespace, "name": each.name, "state": "gone"}
            terminal.put(json.dumps(members))
        else:
            terminal.put(f"- {_name(each)}  gone")
    terminal.data.flush()


def summary(found: Sequence[Standing], namespace: str | None) -> str:
    if not found:
        where = f"The namespace {namespace}" if namespace else "The cluster"
        return f"{where} has no CasterSceneAudio." + (" -A looks in all." if namespace else "")
    counted = Counter(each.state for each in found)
    told = ", ".join(f"{each.words}: {counted[each]}" for each in State if counted[each])
    return f"Objects: {len(found)}, {told}."


def _name(standing: Standing) -> str:
    return f"{standing.namespace}/{standing.name}"


def _words(standing: Standing) -> Iterator[str]:
    yield standing.message
    if standing.next_try is not None:
        yield f"Next try {_when(standing.next_try)}."


def _when(moment: datetime) -> str:
    seconds = round((moment - datetime.now(UTC)).total_seconds())
    if seconds <= 0:
        return "now"
    minutes, rest = divmod(seconds, 60)
    return f"in {minutes} min" if minutes >= 2 else f"in {minutes * 60 + rest} s"


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(
        text, width, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False
    )


def _members(standing: Standing) -> dict[str, object]:
    members = {
        "namespace": standing.namespace,
        "name": standing.name,
        "state": standing.state.words,
        "reason": standing.reason,
        "message": standing.message,
        "nextTry": standing.next_try and standing.next_try.isoformat().replace("+00:00", "Z"),
        "code": standing.code,
        "requestId": standing.request_id,
    }
    return {name: value for name, value in members.items() if value is not None}
