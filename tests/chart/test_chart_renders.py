"""Both Helms make the same of the chart, and Kubernetes' own schemas find nothing wrong in it."""

import re
import tomllib
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from dev.chart.generated import CHART, ROOT
from dev.helm.command import Helm
from tests.support.chart.chart import CI_VALUES, PROMETHEUS_KINDS, Manifest, rendered

MINORS = ["1.34", "1.35", "1.36"]
# What Kubernetes itself doesn't know, so that it has no schema for it.
FOREIGN = {"monitoring.coreos.com/v1"}

each_values = pytest.mark.parametrize("values", CI_VALUES, ids=[each.stem for each in CI_VALUES])


def complaint(manifest: Manifest, minor: str) -> str:
    """What the strict schema of this minor finds wrong; unknown fields are."""
    try:
        kubernetes_validate.validate(manifest, minor, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{manifest['kind']} {manifest['metadata']['name']}: {error.message}"
    return ""


@each_values
def test_lint_finds_nothing(helm: Helm, values: Path) -> None:
    said = helm("lint", "--strict", f"{CHART}", "--values", f"{values}")

    assert "[WARNING]" not in said
    assert "[ERROR]" not in said


@each_values
def test_both_helms_render_the_same(helm3: Helm, helm4: Helm, values: Path) -> None:
    by_three, by_four = (
        rendered(each, values, "--api-versions", PROMETHEUS_KINDS) for each in (helm3, helm4)
    )

    assert by_three.by_identity() == by_four.by_identity()
    assert len(by_three.all) == len(by_three.by_identity()) > 1


@each_values
def test_the_packaged_chart_lacks_nothing(helm4: Helm, values: Path, tmp_path: Path) -> None:
    helm4("package", f"{CHART}", "--destination", f"{tmp_path}")
    [package] = tmp_path.glob("*.tgz")

    assert rendered(helm4, values, chart=package).all == rendered(helm4, values).all


@each_values
@pytest.mark.parametrize("minor", MINORS)
def test_every_manifest_keeps_to_the_schemas_of(helm4: Helm, values: Path, minor: str) -> None:
    manifests = rendered(
        helm4, values, "--kube-version", minor, "--api-versions", PROMETHEUS_KINDS
    ).all
    known = [each for each in manifests if each["apiVersion"] not in FOREIGN]

    assert "".join(complaint(each, minor) for each in known) == ""
    assert {each["kind"] for each in known} >= {"Deployment", "Service"}


@pytest.mark.parametrize("minor", MINORS)
def test_the_schemas_would_find_an_unknown_field(helm4: Helm, minor: str) -> None:
    deployment = rendered(helm4).one("Deployment")
    deployment["spec"]["template"]["spec"]["containers"][0]["livenessprobe"] = {}

    assert "livenessprobe" in complaint(deployment, minor)


@each_values
def test_what_belongs_to_a_namespace_says_which(helm4: Helm, values: Path) -> None:
    manifests = rendered(helm4, values)
    cluster_wide = {
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
    }

    without = {
        each["kind"]
        for each in manifests.all
        if "namespace" not in each["metadata"] and each["kind"] != "ConfigMap"
    }

    assert without <= cluster_wide


def test_an_older_kubernetes_is_refused(helm: Helm) -> None:
    answer = helm.run("template", f"{CHART}", "--kube-version", "1.30")

    assert answer.returncode
    assert "requires kubeVersion: >=1.31" in answer.stderr


def test_the_versions_are_those_of_the_project() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert {chart["version"], chart["appVersion"]} == {project["version"]}
    assert chart["name"] == project["name"]


@pytest.mark.parametrize("document", [ROOT / "README.md", CHART / "README.md"])
def test_the_version_that_a_document_names_is_that_of_the_project(document: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = re.findall(r"caster-scene-audio-operator:(\d+\.\d+\.\d+)", document.read_text())

    assert set(named) == {project["version"]}
