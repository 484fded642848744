"""The examples for Argo CD and Flux speak of what is there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
APPLICATION = yaml.safe_load((ROOT / "gitops/argocd/application.yaml").read_text())
SOURCE, KUSTOMIZATION = yaml.safe_load_all((ROOT / "gitops/flux/kustomization.yaml").read_text())


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
