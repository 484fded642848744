"""Builds the control plane once for a machine and keeps it in a cache outside the checkout."""

import fcntl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dev.control_plane.failure import NoBinariesError
from dev.control_plane.go_module import (
    BINARY,
    BUILD_ENVIRONMENT,
    COMPONENTS,
    MODULE,
    build_arguments,
    fingerprint,
    kubernetes_version,
)
from dev.control_plane.progress import Progress, Say
from dev.control_plane.toolchain import find_go

PROGRESS_EVERY_S = 15
LOG_LINES_SHOWN = 20


def cache_of(environment: Mapping[str, str]) -> Path:
    home = Path(environment.get("HOME") or Path.home())
    base = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "caster-scene-audio" / "control-plane"


def built(environment: Mapping[str, str], *, python: Path, say: Say) -> Path:
    """Folder with the four components, built now if it has to be."""
    cache = cache_of(environment)
    folder = cache / fingerprint()
    if not (folder / BINARY).exists():
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(cache / "lock", say):
            if not (folder / BINARY).exists():  # another process may have built it meanwhile
                _build(folder, environment, python=python, say=say)
    return folder


def _build(folder: Path, environment: Mapping[str, str], *, python: Path, say: Say) -> None:
    say(
        f"Building the control plane (Kubernetes {kubernetes_version()} and etcd) from source."
        " The first time on a machine takes 5 to 10 minutes; the result is kept."
    )
    go = find_go(environment, cache=folder.parent / "go", python=python, say=say)
    partial = folder / f"{BINARY}.partial"
    partial.unlink(missing_ok=True)
    _compile(go, partial, log=folder / "build.log", environment=environment, say=say)
    for name in COMPONENTS:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(BINARY)
    partial.rename(folder / BINARY)
    say(f"Built {folder / BINARY}.")


def _compile(
    go: Path, output: Path, *, log: Path, environment: Mapping[str, str], say: Say
) -> None:
    progress = Progress(say, every_s=PROGRESS_EVERY_S)
    with (
        log.open("wb") as stderr,
        subprocess.Popen(
            [f"{go}", *build_arguments(output), "."],
            cwd=MODULE,
            env={**environment, **BUILD_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stderr=stderr,
        ) as compiler,
    ):
        try:
            while compiler.poll() is None:
                time.sleep(0.1)
                progress.tell(lambda: _state(log))
        finally:
            compiler.terminate()
    if compiler.returncode:
        raise NoBinariesError(_advice(log))
    say(f"  {progress.elapsed_s:4.0f} s: {_state(log)}, done")


def _state(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    downloaded = sum(line.startswith("go: downloading") for line in lines)
    compiled = sum(not line.startswith("go: ") for line in lines)
    return f"{downloaded} modules downloaded, {compiled} packages compiled"


def _advice(log: Path) -> str:
    shown = log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    return (
        "Building the control plane failed; the end of what Go said:\n"
        + "".join(f"  {line}\n" for line in shown)
        + "It needs a Go module proxy within reach (GOPROXY) and about 3 GB of disk."
        " Without: set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver,"
        " kube-controller-manager and kubectl."
    )


@contextmanager
def _alone(lock: Path, say: Say) -> Iterator[None]:
    """One build at a time; the lock goes with the process that holds it."""
    progress = Progress(say, every_s=PROGRESS_EVERY_S)
    with lock.open("w") as held:
        while not _locked(held.fileno()):
            time.sleep(0.1)
            progress.tell(lambda: "another process is building the control plane")
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
