"""Builds a program once for a machine and keeps it in a cache outside the checkout."""

import fcntl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dev.go_programs.failure import NoBinariesError
from dev.go_programs.program import BUILD_ENVIRONMENT, GoProgram
from dev.go_programs.toolchain import find_go
from dev.progress import Progress, Say

PROGRESS_EVERY_S = 15
LOG_LINES_SHOWN = 20


def built(program: GoProgram, environment: Mapping[str, str], *, python: Path, say: Say) -> Path:
    """Folder with the binary and its aliases, built now if it has to be."""
    cache = cache_of(environment)
    folder = cache / program.cache / program.fingerprint()
    if not (folder / program.binary).exists():
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(cache / "lock", say):
            if not (folder / program.binary).exists():  # another process may have built it by now
                go = find_go(program, environment, cache=cache / "go", python=python, say=say)
                _build(program, folder, go, environment, say)
    return folder


def cache_of(environment: Mapping[str, str]) -> Path:
    home = Path(environment.get("HOME") or Path.home())
    return Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / "caster-scene-audio"


def _build(
    program: GoProgram, folder: Path, go: Path, environment: Mapping[str, str], say: Say
) -> None:
    say(
        f"Building {program.title} from source."
        f" The first time on a machine takes {program.takes}; the result is kept."
    )
    partial = folder / f"{program.binary}.partial"
    partial.unlink(missing_ok=True)
    command = [f"{go}", *program.build_arguments(partial), program.package]
    log = folder / "build.log"
    if not _compiled(command, program.module, environment, log=log, say=say):
        raise NoBinariesError(_advice(program, log))
    for name in program.aliases:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(program.binary)
    partial.rename(folder / program.binary)
    say(f"Built {folder / program.binary}.")


def _compiled(
    command: list[str], module: Path, environment: Mapping[str, str], *, log: Path, say: Say
) -> bool:
    progress = Progress(say, every_s=PROGRESS_EVERY_S)
    with (
        log.open("wb") as stderr,
        subprocess.Popen(
            command,
            cwd=module,
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
    if compiler.returncode == 0:
        say(f"  {progress.elapsed_s:4.0f} s: {_state(log)}, done")
    return compiler.returncode == 0


def _state(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    downloaded = sum(line.startswith("go: downloading") for line in lines)
    compiled = sum(not line.startswith("go: ") for line in lines)
    return f"{downloaded} modules downloaded, {compiled} packages compiled"


def _advice(program: GoProgram, log: Path) -> str:
    shown = log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    return (
        f"Building {program.title} failed; the end of what Go said:\n"
        + "".join(f"  {line}\n" for line in shown)
        + "It needs a Go module proxy within reach (GOPROXY) and some GB of disk."
        + f" Without: {program.instead}."
    )


@contextmanager
def _alone(lock: Path, say: Say) -> Iterator[None]:
    """One build at a time; the lock goes with the process that holds it."""
    progress = Progress(say, every_s=PROGRESS_EVERY_S)
    with lock.open("w") as held:
        while not _locked(held.fileno()):
            time.sleep(0.1)
            progress.tell(lambda: "another process is building; this one waits for it")
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
