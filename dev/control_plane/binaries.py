"""Chooses the binaries: a folder that is named, what was built before, or a build."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.control_plane.go_module import ASSETS, components, kubernetes_version
from dev.go_programs.build import built
from dev.go_programs.executable import executable, version_of
from dev.go_programs.failure import NoBinariesError
from dev.progress import Say


@dataclass(frozen=True, slots=True)
class Binaries:
    etcd: Path
    kube_apiserver: Path
    kubectl: Path
    kube_controller_manager: Path | None
    kubernetes_version: str


def find_binaries(
    environment: Mapping[str, str] = os.environ,
    *,
    say: Say,
    python: Path = Path(sys.executable),
) -> Binaries:
    """Raises NoBinariesError, whose message says what to do."""
    if assets := environment.get(ASSETS):
        return _from_assets(Path(assets), environment, say)
    folder = built(components(), environment, python=python, say=say)
    return Binaries(
        etcd=folder / "etcd",
        kube_apiserver=folder / "kube-apiserver",
        kubectl=folder / "kubectl",
        kube_controller_manager=folder / "kube-controller-manager",
        kubernetes_version=kubernetes_version(),
    )


def _from_assets(folder: Path, environment: Mapping[str, str], say: Say) -> Binaries:
    kube_apiserver = _required(folder, "kube-apiserver")
    controller_manager = executable(folder / "kube-controller-manager")
    if controller_manager is None:
        say(
            f"There is no kube-controller-manager in {ASSETS} ({folder}): garbage collection and"
            " the deletion of namespaces don't run."
        )
    return Binaries(
        etcd=_required(folder, "etcd"),
        kube_apiserver=kube_apiserver,
        kubectl=executable(folder / "kubectl") or _kubectl_on_path(folder, environment),
        kube_controller_manager=controller_manager,
        kubernetes_version=version_of(kube_apiserver, "--version"),
    )


def _required(folder: Path, name: str) -> Path:
    if found := executable(folder / name):
        return found
    raise NoBinariesError(
        f"{ASSETS} is {folder}, but there is no executable {name} in it."
        f" Put it there, or unset {ASSETS}: the control plane is then built from source."
    )


def _kubectl_on_path(folder: Path, environment: Mapping[str, str]) -> Path:
    if found := shutil.which("kubectl", path=environment.get("PATH", "")):
        return Path(found)
    raise NoBinariesError(f"There is no kubectl in {ASSETS} ({folder}) and none on the PATH.")
