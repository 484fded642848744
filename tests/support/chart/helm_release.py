"""The operator's chart on a control plane of its own, which holds nothing of the operator before."""

import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import config
from kubernetes.client import ApiClient

from dev.control_plane.binaries import Binaries
from dev.control_plane.plane import ControlPlane
from dev.helm.command import Helm
from tests.support.cluster.cluster import CRD_NAME, ROOT
from tests.support.cluster.scene_audios import SceneAudios
from tests.support.tools.patience import eventually

CHART = ROOT / "charts" / "caster-scene-audio-operator"
CRD_FILE = Path("files", "castersceneaudios.yaml")
NAME = "caster-scene-audio-operator"

Body = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Release:
    """One of the chart, installed or not, and its namespace."""

    helm: Helm
    plane: ControlPlane
    client: ApiClient
    namespace: str

    @property
    def objects(self) -> SceneAudios:
        return SceneAudios(self.client, self.namespace)

    def apply(self, *flags: str, chart: Path = CHART, helm: Helm | None = None) -> None:
        """Install or upgrade it; return once the kind is served."""
        (helm or self.helm)(*self._apply(chart, flags))
        eventually(self.objects.are_served)

    def refused(self, *flags: str, chart: Path = CHART) -> str:
        """What Helm says against it."""
        answer = self.helm.run(*self._apply(chart, flags))
        assert answer.returncode != 0, answer.stdout
        return answer.stderr

    def roll_back(self, revision: int) -> None:
        self.helm("rollback", NAME, f"{revision}", f"--namespace={self.namespace}")

    def uninstall(self) -> None:
        self.helm("uninstall", NAME, f"--namespace={self.namespace}", "--ignore-not-found")

    def deployment(self) -> Body:
        return self._get(f"deployment/{NAME}")

    def definition(self) -> Body | None:
        return self._get(f"crd/{CRD_NAME}") or None

    def _apply(self, chart: Path, flags: tuple[str, ...]) -> tuple[str | Path, ...]:
        return "upgrade", "--install", NAME, chart, f"--namespace={self.namespace}", *flags

    def _get(self, what: str) -> Body:
        found = self.plane.kubectl(
            "get", what, f"--namespace={self.namespace}", "-o", "json", "--ignore-not-found"
        )
        body: Body = json.loads(found or "{}")
        return body


@pytest.fixture(scope="session")
def helm_plane(control_plane_binaries: Binaries) -> Iterator[ControlPlane]:
    """Its definition of CasterSceneAudio comes and goes, so the other tests' plane won't do."""
    with ControlPlane(control_plane_binaries) as plane:
        yield plane


@pytest.fixture
def release(helm: Helm, helm_plane: ControlPlane) -> Iterator[Release]:
    """Not installed yet, and nothing of it left behind."""
    namespace = f"release-{secrets.token_hex(4)}"
    helm_plane.kubectl("create", "namespace", namespace)
    with config.new_client_from_config(f"{helm_plane.kubeconfig}") as client:
        made = Release(
            helm=helm.on(helm_plane.kubeconfig),
            plane=helm_plane,
            client=client,
            namespace=namespace,
        )
        yield made
        made.uninstall()
        helm_plane.kubectl("delete", "crd", CRD_NAME, "--ignore-not-found")
        helm_plane.kubectl("delete", "namespace", namespace, "--wait=false")


@pytest.fixture(scope="session")
def former_chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the chart could have been one version ago: its definition had no column for the age."""
    chart = tmp_path_factory.mktemp("former") / NAME
    shutil.copytree(CHART, chart)
    definition = yaml.safe_load((chart / CRD_FILE).read_text())
    columns = definition["spec"]["versions"][0]["additionalPrinterColumns"]
    [age] = [each for each in columns if each["name"] == "Age"]
    columns.remove(age)
    (chart / CRD_FILE).write_text(yaml.safe_dump(definition))
    return chart
