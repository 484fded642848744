"""One round of one version: an emulator, a namespace and an operator of its own for each part."""

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from dev.bench.figures import Figures, Size
from dev.bench.measured_program import MeasuredProgram
from dev.bench.scenes import Scenes
from dev.bench.subjects import KEY_ID, KEY_SECRET, SERVES, Subject
from dev.control_plane.plane import ControlPlane
from dev.demo.programs import Program, clean_environment

LISTENS = "live-emulator listens on "
WITHIN_S, STOP_WITHIN_S, LOOK_EVERY_S = 900.0, 30.0, 0.01
BETWEEN_CHANGES_S, SETTLES_S = 0.1, 2.0
BURST = 10
"""As many as the emulator's quota lets arrive in a second."""

FIRST, LATER, LAST = 0.5, 0.25, 0.75
"""Volumes that no object has at first."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one figure is taken on. The operator is started anew by `restart`."""

    scenes: Scenes
    operator: MeasuredProgram

    def restart(self) -> float:
        """Seconds from the start to serving."""
        self.operator.stop(within_s=STOP_WITHIN_S)
        self.operator.log.unlink(missing_ok=True)
        return _started(self.operator, SERVES)[0]


class Round:
    """Runs on a control plane that has the CRD and the operator's rights."""

    def __init__(self, plane: ControlPlane, subject: Subject, size: Size) -> None:
        self._plane = plane
        self._subject = subject
        self._size = size

    def figures(self) -> Figures:
        found = self._without_quota()
        if self._subject.heeds_quota:
            found |= self._waiting()
        return found | self._many()

    def _without_quota(self) -> Figures:
        names = _names(self._size.few)
        with self._part(quota=False) as part:
            created = _cpu_of_created(part, names)
            memory = part.operator.memory()
            return {
                "created_cpu_ms": created,
                "changed_cpu_ms": _cpu_of_changed(part, names),
                "few_rss_mb": memory.rss_mb,
                "few_pss_mb": memory.pss_mb,
                "change_to_call_ms": _change_to_call_ms(part, names[: self._size.changes]),
            }

    def _waiting(self) -> Figures:
        names = _names(self._size.waiting)
        with self._part(quota=True) as part:
            created = _cpu_of_created(part, names)
            calls = [
                call for call in part.scenes.updates() if call["parameters"]["SceneId"] in names
            ]
            changed = _cpu_of_changed(part, names)
            time.sleep(SETTLES_S)
            return {
                "created_waiting_cpu_ms": created,
                "changed_waiting_cpu_ms": changed,
                "waiting_spread_s": _spread_s(calls),
                "waiting_throttled": sum(call["code"] != "OK" for call in calls),
                "burst_ms": _burst_ms(part, names[:BURST]),
            }

    def _many(self) -> Figures:
        names = _names(self._size.many)
        with self._part(quota=False) as part:
            _cpu_of_created(part, names)
            memory = part.operator.memory()
            called = len(part.scenes.updates())
            serving_s = part.restart()
            time.sleep(max(0.0, self._size.watched_s - serving_s))
            return {
                "many_rss_mb": memory.rss_mb,
                "many_pss_mb": memory.pss_mb,
                "restart_serving_s": serving_s,
                "restart_cpu_s": part.operator.cpu_ms() / 1000,
                "restart_calls": len(part.scenes.updates()) - called,
            }

    @contextmanager
    def _part(self, *, quota: bool) -> Iterator[Part]:
        name = f"bench-{secrets.token_hex(4)}"
        emulator = self._emulator(name, quota=quota)
        _, line = _started(emulator, LISTENS)
        try:
            url = line.removeprefix(LISTENS).rstrip("/")
            scenes = Scenes(self._plane, name, url)
            operator = self._operator(name, url, quota=quota)
            _started(operator, SERVES)
            try:
                _warm_up(scenes)
                yield Part(scenes, operator)
            finally:
                operator.stop(within_s=STOP_WITHIN_S)
        finally:
            emulator.stop(within_s=STOP_WITHIN_S)

    def _emulator(self, name: str, *, quota: bool) -> Program:
        """Always of this checkout: it is no part of what is compared."""
        free = [] if quota else ["--update-qps", "0", "--read-qps", "0"]
        return Program(
            "emulator",
            [sys.executable, "-m", "live_emulator", "--port", "0", "--any-scene", *free],
            log=self._plane.directory / f"{name}.emulator.log",
            environment=clean_environment(os.environ)
            | {"LIVE_EMULATOR_ACCESS_KEY": f"{KEY_ID}:{KEY_SECRET}"},
        )

    def _operator(self, namespace: str, url: str, *, quota: bool) -> MeasuredProgram:
        return MeasuredProgram(
            "operator",
            self._subject.command(namespace, url, quota=quota),
            log=self._plane.directory / f"{namespace}.log",
            environment=clean_environment(os.environ) | self._subject.environment(self._plane),
        )


def _started(program: Program, words: str) -> tuple[float, str]:
    """How many seconds it took to say the words, and the line from them on."""
    began = time.monotonic()
    program.start()
    while not (line := program.has_said(words)):
        if not program.running or time.monotonic() > began + STOP_WITHIN_S:
            raise TimeoutError(f"the {program.name} did not start:\n{program.end_of_log()}")
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - began, line


def _warm_up(scenes: Scenes) -> None:
    """What is done once, such as loading a module at the first answer, is in no object's cost."""
    names = [f"warm-{number}" for number in range(5)]
    scenes.create(names)
    scenes.change(names, FIRST)
    scenes.until_applied(within_s=WITHIN_S)
    time.sleep(SETTLES_S)


def _names(count: int) -> list[str]:
    return [f"scene-{number}" for number in range(count)]


def _cpu_of_created(part: Part, names: list[str]) -> float:
    def create() -> None:
        part.scenes.create(names)
        part.scenes.until_applied(within_s=WITHIN_S)

    return part.operator.cpu_ms_of(create) / len(names)


def _cpu_of_changed(part: Part, names: list[str]) -> float:
    def change() -> None:
        part.scenes.change(names, FIRST)
        part.scenes.until_applied(within_s=WITHIN_S)

    return part.operator.cpu_ms_of(change) / len(names)


def _change_to_call_ms(part: Part, names: list[str]) -> float:
    """One change at a time, with a pause, as people make them."""
    left_at = {}
    for name in names:
        time.sleep(BETWEEN_CHANGES_S)
        left_at[name] = part.scenes.change_one(name, LATER)
    part.scenes.until_applied(within_s=WITHIN_S)
    return median(
        (part.scenes.called_at(name, LATER, within_s=WITHIN_S) - at) * 1000
        for name, at in left_at.items()
    )


def _burst_ms(part: Part, names: list[str]) -> float:
    """Changed as fast as one user can; the account's second is unused before."""
    before = len(part.scenes.updates())
    part.scenes.change(names, LAST)
    part.scenes.until_applied(within_s=WITHIN_S)
    return _spread_s(part.scenes.updates()[before:]) * 1000


def _spread_s(calls: list[dict[str, Any]]) -> float:
    """From the first to the last as the emulator saw them arrive."""
    arrived: list[float] = [call["startedMonotonic"] for call in calls]
    return max(arrived) - min(arrived)
