"""kubectl as a user types it: each line is shown with what it gives."""

import json
import subprocess
from typing import Any

from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from dev.demo.failure import StepError
from dev.demo.terminal import Terminal


class Shell:
    def __init__(self, plane: ControlPlane, terminal: Terminal) -> None:
        self._plane = plane
        self._terminal = terminal

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """What it gives; raises KubectlError where it is refused."""
        self._terminal.command(("kubectl", *arguments), stdin)
        answer = self._answer(*arguments, stdin=stdin)
        self._terminal.output(answer)
        return answer

    def refused(self, *arguments: str, stdin: str | None = None) -> str:
        """The message with which it is refused; raises StepError where it is not."""
        self._terminal.command(("kubectl", *arguments), stdin)
        try:
            answer = self._answer(*arguments, stdin=stdin)
        except KubectlError as refusal:
            self._terminal.output(refusal.stderr)
            return refusal.stderr
        raise StepError(f"The API server was to refuse this, and said: {answer.strip()}")

    def object(self, name: str) -> dict[str, Any]:
        """A CasterSceneAudio as it is now, unshown."""
        found: dict[str, Any] = json.loads(self._answer("get", "csa", name, "-o", "json"))
        return found

    def _answer(self, *arguments: str, stdin: str | None = None) -> str:
        try:
            return self._plane.kubectl(*arguments, stdin=stdin)
        except subprocess.TimeoutExpired as error:
            raise StepError(f"kubectl {arguments[0]} was to end: {error}") from error
