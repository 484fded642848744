"""What can be measured: the operator of a checkout, and a first draft of one."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dev.control_plane.plane import ControlPlane

OPERATOR_NAMESPACE, SERVICE_ACCOUNT = "caster-scene-audio", "caster-scene-audio-operator"
KEY_ID, KEY_SECRET = "bench", "bench-secret"
WITHOUT_QUOTA = "1000"
SERVES = "Serving"
"""What each says in its log when it takes objects."""

KEYS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY_ID,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY_SECRET,
    "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
}


class Subject(Protocol):
    """A program that is measured. It serves one namespace, and calls the studio at a URL."""

    @property
    def heeds_quota(self) -> bool:
        """Whether it may be measured where the quota makes calls wait."""

    def command(self, namespace: str, studio_url: str, *, quota: bool) -> list[str]:
        """How it is started."""

    def environment(self, plane: ControlPlane) -> dict[str, str]:
        """What it needs besides the machine's own."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where it has an environment of its own, that is used."""

    path: Path
    heeds_quota: bool = True

    def command(self, namespace: str, studio_url: str, *, quota: bool) -> list[str]:
        own = self.path / ".venv" / "bin" / "python"
        python = f"{own}" if own.exists() else sys.executable
        free = [] if quota else ["--update-qps", WITHOUT_QUOTA, "--read-qps", WITHOUT_QUOTA]
        where = ["--namespace", namespace, "--live-endpoint", studio_url]
        return [python, "-m", "caster_scene_audio", "run", "--http-port", "0", *where, *free]

    def environment(self, plane: ControlPlane) -> dict[str, str]:
        kubeconfig = plane.kubeconfig_for(SERVICE_ACCOUNT, OPERATOR_NAMESPACE)
        return {
            "PYTHONPATH": f"{self.path / 'operator'}",
            "KUBECONFIG": f"{kubeconfig}",
        } | KEYS


@dataclass(frozen=True, slots=True)
class FirstDraft:
    """It keeps its state in annotations, so it may do whatever an administrator may."""

    heeds_quota: bool = False

    def command(self, namespace: str, studio_url: str, *, quota: bool) -> list[str]:  # noqa: ARG002
        return [sys.executable, "-m", "dev.bench.first_draft", namespace, studio_url]

    def environment(self, plane: ControlPlane) -> dict[str, str]:
        root = Path(__file__).parents[2]
        return {"PYTHONPATH": f"{root}", "KUBECONFIG": f"{plane.kubeconfig}"} | KEYS
