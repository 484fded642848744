"""What the emulator's journal tells of the calls: overlaps, and the fullest second."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from live_emulator.dials import UPDATE
from live_emulator.faults import FaultKind

Call = dict[str, Any]

WOKEN_S = 1.0
"""A process that was paused between its last check and its call makes that call when it wakes."""


@dataclass(frozen=True, kw_only=True)
class Journal:
    """Of one run. `woken_at`: by access key, when its replica went on after a pause."""

    calls: Sequence[Call]
    patience_s: float
    """How long a caller waits for an answer: after that a call that still hangs is nobody's."""
    woken_at: Mapping[str, Sequence[float]]

    @property
    def updates(self) -> list[Call]:
        return [call for call in self.calls if call["action"] == UPDATE]

    def taken(self, scene: str) -> dict[str, Call]:
        """Updates of the scene that were answered with success, by the RequestId that was told."""
        return {
            _told(call): call
            for call in self.updates
            if call["parameters"].get("SceneId") == scene and call["code"] == "OK"
        }

    def overlaps(self) -> Iterator[str]:
        by_scene: dict[str, list[Call]] = {}
        for call in self.updates:
            by_scene.setdefault(call["parameters"].get("SceneId", ""), []).append(call)
        for scene, calls in by_scene.items():
            for first, second in pairwise(calls):
                if second["startedMonotonic"] < self._end(first) and not self._excused(second):
                    yield (
                        f"two updates overlapped for {scene}: {_words(first)}, and {_words(second)}"
                    )

    def _end(self, call: Call) -> float:
        given_up: float = call["startedMonotonic"] + self.patience_s
        finished = call["finishedMonotonic"]
        return given_up if finished is None else min(given_up, finished)

    def _excused(self, call: Call) -> bool:
        woken = self.woken_at.get(call["accessKeyId"], ())
        return any(at <= call["startedMonotonic"] <= at + WOKEN_S for at in woken)

    def crowds(self, quota: int) -> Iterator[str]:
        """Each second that saw more updates of an account than its quota, throttled or not."""
        by_account: dict[str, list[Call]] = {}
        for call in self.updates:
            if call["account"] and not self._excused(call):
                by_account.setdefault(call["account"], []).append(call)
        for account, calls in by_account.items():
            for first, last in zip(calls, calls[quota:], strict=False):
                if last["startedMonotonic"] - first["startedMonotonic"] < 1:
                    yield (
                        f"{account} had more than {quota} updates within a second: from "
                        f"{_words(first)} to {_words(last)}"
                    )


def _told(call: Call) -> str:
    """A string whose type a fault twists is told as its length."""
    request_id: str = call["requestId"]
    return f"{len(request_id)}" if call["fault"] == FaultKind.WRONG_TYPES else request_id


def _words(call: Call) -> str:
    return (
        f"{call['requestId']} by {call['accessKeyId']} from {call['startedMonotonic']:.3f} to "
        f"{call['finishedMonotonic']} s ({call['code']}, fault {call['fault']})"
    )


def count_of(calls: Iterable[Call]) -> str:
    answered = [call["code"] for call in calls]
    return f"{len(answered)} calls, {sum(code != 'OK' for code in answered)} of them in vain"
