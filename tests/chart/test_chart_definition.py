"""The definition of CasterSceneAudio, as the chart brings it along."""

from pathlib import Path
from shutil import copytree

import pytest
import yaml

from dev.chart.generated import CHART, CRD
from dev.helm.command import Helm
from tests.support.chart.chart import Manifest, rendered

KEEP = {"helm.sh/resource-policy": "keep"}
KIND = "CustomResourceDefinition"


def source() -> Manifest:
    crd: Manifest = yaml.safe_load(CRD.read_text())
    return crd


def test_it_says_what_the_project_s_own_says(helm: Helm) -> None:
    crd = rendered(helm).one(KIND, "crd")

    assert crd.pop("metadata")["name"] == source()["metadata"]["name"]
    assert crd == {name: value for name, value in source().items() if name != "metadata"}


def test_braces_in_a_description_stay_what_they_are(helm: Helm, tmp_path: Path) -> None:
    chart = copytree(CHART, tmp_path / "chart")
    crd = source()
    schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    schema["description"] = 'Written as {{ .Values.secret }} or {{- fail "no" }}.'
    (chart / "files" / "castersceneaudios.yaml").write_text(yaml.safe_dump(crd))

    assert rendered(helm, chart=chart).one(KIND, "crd")["spec"] == crd["spec"]


@pytest.mark.parametrize(
    ("values", "annotations"),
    [
        ({}, KEEP),
        ({"keep": False}, None),
        ({"annotations": {"owner": "us"}}, {"owner": "us", **KEEP}),
        ({"keep": False, "annotations": {"owner": "us"}}, {"owner": "us"}),
    ],
    ids=["kept", "not kept", "kept and annotated", "annotated"],
)
def test_it_is_kept_at_an_uninstallation_unless_told_otherwise(
    helm4: Helm, values: Manifest, annotations: Manifest | None
) -> None:
    crd = rendered(helm4, {"crds": values}).one(KIND, "crd")

    assert crd["metadata"].get("annotations") == annotations


def test_somebody_else_may_look_after_it(helm4: Helm) -> None:
    assert not rendered(helm4, {"crds": {"enabled": False}}).of(KIND)


def test_helm_s_own_folder_for_definitions_is_not_used() -> None:
    """What lies in it is never upgraded."""
    assert not (CHART / "crds").exists()
