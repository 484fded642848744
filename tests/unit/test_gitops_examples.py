"""The examples for Argo CD and Flux speak of what is there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
APPLICATION = yaml.safe_load((ROOT / "gitops/argocd/application.yaml").read_text())
SOURCE, KUSTOMIZATION = yaml.safe_load_all((ROOT / "gitops/flux/studio-audio.yaml").read_text())

OPERATOR = yaml.safe_load((ROOT / "gitops/argocd/operator.yaml").read_text())
CHART_SOURCE, RELEASE = yaml.safe_load_all((ROOT / "gitops/flux/operator.yaml").read_text())
CHART = "charts/caster-scene-audio-operator"


def test_the_operator_is_installed_from_its_chart_by_either_tool() -> None:
    chart = RELEASE["spec"]["chart"]["spec"]

    assert OPERATOR["spec"]["source"]["path"] == CHART
    assert chart["chart"] == f"./{CHART}"
    assert chart["sourceRef"] == {
        "kind": CHART_SOURCE["kind"],
        "name": CHART_SOURCE["metadata"]["name"],
    }
    assert (ROOT / CHART / "Chart.yaml").is_file()


def test_no_folder_holds_what_kustomize_takes_for_its_own() -> None:
    assert not [*(ROOT / "gitops").rglob("kustomization.y*ml")]


@pytest.mark.parametrize(
    "path", [APPLICATION["spec"]["source"]["path"], KUSTOMIZATION["spec"]["path"]]
)
def test_the_folder_that_is_synced_holds_scene_audios(path: str) -> None:
    manifests = [yaml.safe_load(each.read_text()) for each in (ROOT / path).glob("*.yaml")]

    assert manifests
    assert {each["kind"] for each in manifests} == {"CasterSceneAudio"}


def test_flux_waits_for_what_it_applied_from_the_repository_beside_it() -> None:
    spec: dict[str, Any] = KUSTOMIZATION["spec"]

    assert spec["wait"] is True
    assert spec["timeout"]
    assert spec["sourceRef"] == {"kind": SOURCE["kind"], "name": SOURCE["metadata"]["name"]}


def test_no_difference_is_ignored_as_there_is_none() -> None:
    assert "ignoreDifferences" not in APPLICATION["spec"]
