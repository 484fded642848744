"""Up, image, tests, down; each with how long it took."""

import shlex
import subprocess
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.e2e.cluster import Cluster, Command
from dev.e2e.failure import StepError
from dev.kubectl import Kubectl
from dev.progress import Say

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Run:
    """The steps on one cluster, with the environment that its commands get."""

    cluster: Cluster
    environment: Mapping[str, str]
    kubectl: Kubectl
    tests: Command
    say: Say

    def __call__(self) -> int:
        """The tests' exit code; raises StepError."""
        with self._cluster_up():
            with self._step("The image is built and in the cluster"):
                self._command((*self.cluster.image, f"{ROOT}", image_name()))
            with self._step("The tests have ended"):
                return self._exit_code(self.tests)

    @contextmanager
    def _cluster_up(self) -> Iterator[None]:
        """One that is up already is somebody's: it is used, and stays."""
        if self.kubectl.answers():
            self.say(f"The cluster of {self.cluster.kubeconfig} is up: it is used, and stays up.")
            yield
            return
        try:
            with self._step("The cluster is up"):
                self._command(self.cluster.up)
            yield
        finally:
            with self._step("The cluster is down"):
                self._command(self.cluster.down)

    def _command(self, command: Command) -> None:
        if code := self._exit_code(command):
            raise StepError(f"{shlex.join(command)} ended with {code}.")

    def _exit_code(self, command: Command) -> int:
        try:
            return subprocess.run(
                command,
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                check=False,
            ).returncode
        except OSError as error:
            raise StepError(f"{shlex.join(command)} can't be run: {error}") from error

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.say(f"== {what}: {time.monotonic() - began:.0f} s")


def image_name() -> str:
    """As the chart names it when it isn't told otherwise."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return f"{project['name']}:{project['version']}"
