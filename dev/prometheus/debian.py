"""Debian's package, unpacked in a cache outside the checkout: nothing is installed, no root needed."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.go_programs.build import cache_of
from dev.go_programs.failure import NoBinariesError
from dev.progress import Say

PACKAGE = "prometheus"


def unpacked(environment: Mapping[str, str], *, say: Say) -> Path:
    """Folder with the package's programs, fetched now if it has to be."""
    cache = cache_of(environment) / "debian"
    folder = cache / PACKAGE
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        say(f"Fetching Debian's package {PACKAGE}; the result is kept.")
        with _workplace(cache) as work:
            machine = _Machine(work, environment)
            content = work / "content"
            machine.run("dpkg-deb", "--extract", f"{machine.download()}", f"{content}")
            _put(content, folder)
        say(f"Unpacked {folder}.")
    return folder / "usr" / "bin"


@contextmanager
def _workplace(cache: Path) -> Iterator[Path]:
    """On the same file system as the cache, and gone afterwards."""
    work = Path(tempfile.mkdtemp(prefix=".work-", dir=cache))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Machine:
    work: Path
    environment: Mapping[str, str]

    def download(self) -> Path:
        """By the lists of packages that the machine has, or else by fresh ones of our own."""
        try:
            self._apt_get("download", PACKAGE)
        except NoBinariesError:
            options = self._own_lists()
            self._apt_get("update", *options)
            self._apt_get("download", PACKAGE, *options)
        return next(self.work.glob(f"{PACKAGE}_*.deb"))

    def run(self, *command: str) -> None:
        try:
            subprocess.run(
                command,
                cwd=self.work,
                env={**self.environment, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=True,
            )
        except FileNotFoundError as error:
            raise NoBinariesError(_advice(f"this machine has no {command[0]}.")) from error
        except subprocess.CalledProcessError as error:
            raise NoBinariesError(_advice(f"{command[0]} said: {error.stderr.strip()}")) from error

    def _apt_get(self, *arguments: str) -> None:
        self.run("apt-get", "--quiet=2", *arguments)

    def _own_lists(self) -> list[str]:
        for folder in ("state/lists/partial", "cache/archives/partial"):
            (self.work / folder).mkdir(parents=True)
        settings = {
            "Dir::State": self.work / "state",
            "Dir::Cache": self.work / "cache",
            "APT::Sandbox::User": "root",  # another user couldn't write there; heeded of root alone
        }
        return [f"--option={name}={value}" for name, value in settings.items()]


def _put(content: Path, folder: Path) -> None:
    """Another process may have come first; what it fetched is as good."""
    try:
        content.rename(folder)
    except OSError:
        if not folder.exists():
            raise


def _advice(lack: str) -> str:
    return (
        f"There is no Prometheus, and Debian's package {PACKAGE} can't be fetched: {lack}\n"
        "Install Prometheus, or set PROMETHEUS to its program; promtool has to lie beside it."
    )
