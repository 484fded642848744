"""What the demonstration plays on: a control plane, the studio's emulator, the operator."""

import os
import secrets
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from dev.control_plane.binaries import Binaries
from dev.control_plane.plane import ControlPlane
from dev.demo.failure import StepError
from dev.demo.programs import Program, clean_environment
from dev.demo.studio import Studio
from dev.progress import Say

NAMESPACE = "caster-scene-audio"
SERVICE_ACCOUNT = "caster-scene-audio-operator"
LISTENS = "live-emulator listens on "
SERVES = "Serving"

START_WITHIN_S = 30.0
STOP_WITHIN_S = 25.0
LOOK_EVERY_S = 0.05

Seen = TypeVar("Seen")


class Stage:
    """A context manager; leaving it ends every process that it started, in order."""

    def __init__(self, binaries: Binaries, *, say: Say) -> None:
        self._say = say
        self._closing = ExitStack()
        self._key_id = f"demo-{secrets.token_hex(8)}"
        self._key_secret = secrets.token_hex(16)
        self._programs: list[Program] = []
        self.plane = ControlPlane(binaries, say=say)
        self.studio = Studio("")

    def __enter__(self) -> Self:
        try:
            self._closing.enter_context(self.plane)
            self.studio = self._start_emulator()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End everything; a second Ctrl-C doesn't cut that short."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        try:
            self._say("Stopping what was started, and removing what it wrote.")
        finally:
            self._closing.close()

    @property
    def operator_log(self) -> Path:
        return self._log_of("operator")

    @property
    def key(self) -> dict[str, str]:
        """The environment that has the studio's access key, which is made up for this run."""
        return {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": self._key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self._key_secret,
        }

    def operator_command(self) -> list[str]:
        return ["caster-scene-audio", "run", "--live-endpoint", self.studio.url]

    def start_operator(self) -> Program:
        """With the rights of its ServiceAccount and no others; returns once it serves."""
        _, *arguments = self.operator_command()
        operator = self._start(
            "operator",
            [sys.executable, "-m", "caster_scene_audio", *arguments],
            KUBECONFIG=f"{self.plane.kubeconfig_for(SERVICE_ACCOUNT, NAMESPACE)}",
            **self.key,
        )
        self.until(lambda: operator.has_said(SERVES), "The operator serves", START_WITHIN_S)
        return operator

    def until(self, look: Callable[[], Seen | None], what: str, within_s: float) -> Seen:
        """What it comes to see; raises StepError when time is up or a process has ended."""
        deadline = time.monotonic() + within_s
        while not (seen := look()):
            self.check_programs()
            if time.monotonic() > deadline:
                raise StepError(f"{what}: not within {within_s:.0f} s.")
            time.sleep(LOOK_EVERY_S)
        return seen

    def check_programs(self) -> None:
        """Raise StepError if one that was started has ended."""
        for program in self._programs:
            if not program.running:
                raise StepError(f"The {program.name} has ended by itself.")

    def logs(self) -> str:
        """The end of each program's log."""
        return "".join(
            f"The end of the {program.name}'s log:\n{program.end_of_log()}"
            for program in reversed(self._programs)
        )

    def _start_emulator(self) -> Studio:
        emulator = self._start(
            "emulator",
            [sys.executable, "-m", "live_emulator", "--port", "0"],
            LIVE_EMULATOR_ACCESS_KEY=f"{self._key_id}:{self._key_secret}",
        )
        what = "The emulator of the studio listens"
        line = self.until(lambda: emulator.has_said(LISTENS), what, START_WITHIN_S)
        studio = Studio(line.removeprefix(LISTENS).rstrip("/"))
        self.until(studio.answers, "The emulator of the studio answers", START_WITHIN_S)
        return studio

    def _start(self, name: str, command: list[str], **variables: str) -> Program:
        program = Program(
            name,
            command,
            log=self._log_of(name),
            environment=clean_environment(os.environ) | variables,
        )
        self._closing.callback(program.stop, within_s=STOP_WITHIN_S)
        program.start()
        self._programs.append(program)
        return program

    def _log_of(self, name: str) -> Path:
        return self.plane.directory / f"{name}.log"
