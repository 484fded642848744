"""The chart as a release in a namespace that enforces "restricted", and its pods."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dev.helm.command import Helm
from dev.kubectl import Kubectl
from tests.support.tools.patience import eventually

CHART = Path(__file__).parents[3] / "charts" / "caster-scene-audio-operator"
NAME = "caster-scene-audio-operator"
NAMESPACE = "caster-scene-audio-e2e"
VALUES = (
    "--set=emulator.enabled=true",
    "--set=emulator.anyScene=true",
    "--set=settings.intervalFloor=1s",
    "--set=settings.logFormat=json",
)
WITHIN = "--timeout=180s"
HELM_WITHIN_S = 240
COMPONENT = "app.kubernetes.io/component"
LEASE_DURATION_S = 15
"""The chart's own."""


@dataclass(frozen=True, kw_only=True)
class Pod:
    name: str
    uid: str
    container_id: str
    ready: bool
    restarts: int
    ending: bool


@dataclass(frozen=True, kw_only=True)
class Lease:
    holder: str
    acquired: datetime
    renewed: datetime

    def is_held_by(self, pod: Pod) -> bool:
        return self.holder.startswith(pod.name)


@dataclass(frozen=True)
class Release:
    kubectl: Kubectl
    helm: Helm

    def install(self) -> None:
        """Return once Helm finds it ready."""
        self._helm("install", NAME, CHART, "--wait", *VALUES, WITHIN)

    def upgrade(self, *values: str) -> None:
        """With these values beside those that it has; return once Helm finds it ready."""
        self._helm("upgrade", NAME, CHART, "--wait", "--reuse-values", *values, WITHIN)

    def test(self) -> str:
        return self._helm("test", NAME, WITHIN)

    def uninstall(self) -> None:
        self._helm("uninstall", NAME, "--wait", WITHIN)

    def operators(self) -> tuple[Pod, ...]:
        """Those that aren't ending."""
        return tuple(pod for pod in self.pods("operator") if not pod.ending)

    def pods(self, component: str) -> tuple[Pod, ...]:
        """Every pod of the component whose container has begun."""
        found = self.kubectl.json(
            "get", "pods", f"--namespace={NAMESPACE}", f"--selector={COMPONENT}={component}"
        )
        return tuple(_pods(found["items"]))

    def lease(self) -> Lease:
        spec = self.kubectl.json("get", "lease", NAME, f"--namespace={NAMESPACE}")["spec"]
        return Lease(
            holder=spec.get("holderIdentity") or "",
            acquired=datetime.fromisoformat(spec["acquireTime"]),
            renewed=datetime.fromisoformat(spec["renewTime"]),
        )

    def leader(self) -> Pod:
        """Once there is one."""
        return eventually(self._leader, within_s=60)

    def standby(self) -> Pod:
        """One that could take over, once there is one."""
        leader = self.leader()
        others = eventually(lambda: [pod for pod in self.operators() if pod.uid != leader.uid])
        return others[0]

    def until_whole(self, *, within_s: float = 120) -> None:
        """Return once two operators are ready, and one of them leads."""
        eventually(self._is_whole, within_s=within_s)

    def _leader(self) -> Pod | None:
        lease = self.lease()
        return next((pod for pod in self.operators() if lease.is_held_by(pod)), None)

    def _is_whole(self) -> bool:
        pods = self.operators()
        return len(pods) == 2 and all(pod.ready for pod in pods) and self._leader() is not None

    def _helm(self, *arguments: str | Path) -> str:
        return self.helm(*arguments, f"--namespace={NAMESPACE}", timeout_s=HELM_WITHIN_S)


def _pods(items: Iterable[dict[str, Any]]) -> Iterable[Pod]:
    for item in items:
        metadata, status = item["metadata"], item["status"]
        for container in status.get("containerStatuses", ()):
            yield Pod(
                name=metadata["name"],
                uid=metadata["uid"],
                container_id=container.get("containerID", ""),
                ready=container["ready"],
                restarts=container["restartCount"],
                ending="deletionTimestamp" in metadata,
            )
