"""The operator as a user runs it: the installed command, with a ServiceAccount's kubeconfig."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.tools.patience import eventually
from tests.support.tools.secret_search import RUN, SHORTEST

PROGRAM = Path(sys.executable).with_name("caster-scene-audio")
ACCESS_KEY_ID = "e2e-key"
ACCESS_KEY_SECRET = "kept-out-of-every-log"
KEY = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": ACCESS_KEY_ID,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ACCESS_KEY_SECRET,
}
SECRET_VARIABLES = ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN")
STOP_WITHIN_S = 30
FOREIGN = ("ALIBABA_CLOUD_", "CASTER_SCENE_AUDIO_", "KUBE")
"""What a developer may have set for other programs, or for an operator of their own."""


@dataclass(kw_only=True)
class OperatorProcess:
    """`caster-scene-audio run` for one namespace; it can be started again after its end."""

    kubeconfig: Path
    live_endpoint: str
    namespace: str
    directory: Path
    environ: Mapping[str, str] = field(default_factory=lambda: KEY)
    flags: Sequence[str] = ()
    most_files: int | None = None
    """So many descriptors it may have at once; None: as many as the tests."""
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """All that it wrote, of every start."""
        path = self.directory / "operator.log"
        return path.read_text() if path.exists() else ""

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.splitlines()]

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def peak_memory_mib(self) -> float:
        """The most that it had resident since its start."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def cpu_s(self) -> float:
        """Of all its threads, since its start."""
        assert self._process is not None
        after_name = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(") ")[2]
        user, system = after_name.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def start(self) -> None:
        """Return once it serves."""
        served_before = self._said("Serving")
        self.launch()
        eventually(lambda: self._said("Serving") > served_before or not self.is_running)
        assert self.is_running, self.log

    def launch(self) -> None:
        """Return at once."""
        self._keep_secrets_out()
        with (self.directory / "operator.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (the project's own command)
                [*self._limited(), f"{PROGRAM}", "run", *self._flags()],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def ask_to_stop(self) -> None:
        self._signal(signal.SIGTERM)

    def stop(self) -> int:
        """An orderly stop; gives the exit code."""
        self.ask_to_stop()
        return self.ended()

    def ended(self) -> int:
        """Wait for its end; gives the exit code."""
        assert self._process is not None
        return self._process.wait(STOP_WITHIN_S)

    def kill(self) -> None:
        """As a crash would; again is fine."""
        if self.is_running:
            self._signal(signal.SIGKILL)
            self.ended()

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """It sees and does nothing meanwhile; all that reaches it waits for it."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def end(self) -> None:
        """However it stands: orderly, so that what it measured is kept, or else by force."""
        if self.is_running:
            self.ask_to_stop()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.ended()
        self.kill()

    def has_said(self, message: str) -> bool:
        return self._said(message) > 0

    def _said(self, message: str) -> int:
        return self.log.count(f'"message": "{message}"')

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _keep_secrets_out(self) -> None:
        for name in SECRET_VARIABLES:
            if len(self.environ.get(name, "")) >= SHORTEST:
                RUN.keep_out(name, self.environ[name])

    def _limited(self) -> list[str]:
        """What is run before it, and in its place by then."""
        if self.most_files is None:
            return []
        return ["/bin/sh", "-c", f'ulimit -n {self.most_files}; exec "$0" "$@"']

    def _flags(self) -> list[str]:
        return [
            f"--live-endpoint={self.live_endpoint}",
            f"--namespace={self.namespace}",
            "--log-format=json",
            *self.flags,
        ]

    def _environment(self) -> dict[str, str]:
        """With no credentials but those of the test, and no way to look for others."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        return {
            **kept,
            "HOME": f"{self.directory}",
            "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
            "KUBECONFIG": f"{self.kubeconfig}",
            **self.environ,
        }
