"""A program of the project as a process that ends with the demonstration."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from typing_extensions import override

from dev.control_plane.processes import GUARD, Component


class Program(Component):
    """Its environment is given: there, and not on its command line, are its secrets."""

    def __init__(
        self, name: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str]
    ) -> None:
        super().__init__(name, command, log=log)
        self.log = log
        self._environment = dict(environment)

    @override
    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", f"{GUARD}", *self._command],
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def has_said(self, words: str) -> str | None:
        """The first line of its log that holds the words, from them on."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return next((line[line.index(words) :] for line in lines if words in line), None)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Without what would change how our programs behave: all that they call is on this machine."""
    prefixes = ("ALIBABA_CLOUD_", "CASTER_SCENE_AUDIO_", "LIVE_EMULATOR_", "KUBERNETES_SERVICE_")
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith(prefixes) and not name.upper().endswith("_PROXY")
    }
