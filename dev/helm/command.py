"""Runs a Helm with nothing of what the user has set for it."""

import os
import subprocess
from pathlib import Path

from dev.helm.binaries import HelmBinary


class HelmError(Exception):
    """Helm refused; carries what it wrote."""

    def __init__(self, command: str, *, exit_code: int, output: str) -> None:
        super().__init__(f"helm {command} ended with {exit_code}:\n{output.strip()}")
        self.exit_code = exit_code
        self.output = output


class Helm:
    """One Helm; what it keeps for itself lies in a folder of its own.

    Without a kubeconfig it reaches no cluster, and only renders.
    """

    def __init__(self, binary: HelmBinary, home: Path, *, kubeconfig: Path | None = None) -> None:
        self.binary = binary
        self._home = home
        self._kubeconfig = kubeconfig or home / "no-kubeconfig"

    @property
    def major(self) -> int:
        return int(self.binary.version.removeprefix("v").partition(".")[0])

    def on(self, kubeconfig: Path) -> "Helm":
        """The same one for a cluster."""
        return Helm(self.binary, self._home, kubeconfig=kubeconfig)

    def __call__(
        self, *arguments: str | Path, stdin: str | None = None, timeout_s: float = 90
    ) -> str:
        """What it writes to its standard output; raises HelmError."""
        answer = self.run(*arguments, stdin=stdin, timeout_s=timeout_s)
        if answer.returncode:
            raise HelmError(
                " ".join(map(str, arguments)),
                exit_code=answer.returncode,
                output=answer.stdout + answer.stderr,
            )
        return answer.stdout

    def run(
        self, *arguments: str | Path, stdin: str | None = None, timeout_s: float = 90
    ) -> subprocess.CompletedProcess[str]:
        """Its answer, whatever it is."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            input=stdin or "",
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def command(self, *arguments: str | Path) -> list[str]:
        return [f"{self.binary.path}", *map(str, arguments)]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HELM")}
        folders = {
            f"HELM_{kind}_HOME": f"{self._home / kind.lower()}"
            for kind in ("CACHE", "CONFIG", "DATA")
        }
        return {
            **kept,
            **folders,
            "KUBECONFIG": f"{self._kubeconfig}",
            "KUBECACHEDIR": f"{self._home / 'kubernetes'}",
        }
