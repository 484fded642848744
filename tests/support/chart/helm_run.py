"""A Helm that runs beside the test, which looks on and does what Helm waits for."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.helm.command import Helm
from tests.support.tools.patience import eventually

ENDS_WITHIN_S = 60


@dataclass(frozen=True)
class HelmRun:
    process: subprocess.Popen[bytes]
    log: Path

    def wrote(self, text: str) -> None:
        """Return once it wrote this; it must not end before."""
        eventually(lambda: text in self.output or self.process.poll() is not None)
        assert text in self.output, self.output

    @property
    def output(self) -> str:
        return self.log.read_text()

    def ended(self) -> int:
        """Wait for its end; gives the exit code."""
        return self.process.wait(ENDS_WITHIN_S)


@contextmanager
def helm_runs(helm: Helm, *arguments: str | Path, log: Path) -> Iterator[HelmRun]:
    """It is killed where the test leaves it running."""
    with (
        log.open("wb") as file,
        subprocess.Popen(  # noqa: S603 (the project's own Helm)
            helm.command(*arguments),
            env=helm.environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            yield HelmRun(process, log)
        finally:
            process.kill()
