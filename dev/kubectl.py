"""kubectl with nothing of what the user has set for it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.control_plane.failure import KubectlError


@dataclass(frozen=True, slots=True)
class Kubectl:
    """On the cluster of the kubeconfig, as whoever that names; what it caches lies beside that."""

    binary: Path
    kubeconfig: Path

    def __call__(self, *arguments: str, stdin: str | None = None, timeout_s: float = 60) -> str:
        """What it writes; raises KubectlError."""
        return self.answer(*arguments, stdin=stdin, timeout_s=timeout_s).stdout

    def warnings(self, *arguments: str, stdin: str | None = None) -> list[str]:
        """The lines of what it writes beside its answer; raises KubectlError."""
        return self.answer(*arguments, stdin=stdin).stderr.splitlines()

    def answer(
        self, *arguments: str, stdin: str | None = None, timeout_s: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """All that it says; raises KubectlError."""
        answer = subprocess.run(
            self.command(*arguments),
            env=self.environment,
            input=stdin or "",
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        if answer.returncode:
            raise KubectlError(
                " ".join(arguments), exit_code=answer.returncode, stderr=answer.stderr
            )
        return answer

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--output=json"))

    def answers(self) -> bool:
        """Whether there is a cluster, and it is ready."""
        if not self.kubeconfig.exists():
            return False
        try:
            self("get", "--raw=/readyz", "--request-timeout=5s")
        except KubectlError:
            return False
        return True

    def command(self, *arguments: str) -> list[str]:
        return [f"{self.binary}", *arguments]

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "KUBECONFIG": f"{self.kubeconfig}",
            "KUBECACHEDIR": f"{self.kubeconfig.with_name('kubectl-cache')}",
            "KUBERC": "off",
        }
