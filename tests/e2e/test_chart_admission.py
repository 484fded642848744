"""What the chart renders is taken by a real API server, whatever the values files of its ci/ set."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from dev.helm.command import Helm
from tests.support.chart.chart import CI_VALUES, Manifest, Manifests, rendered

pytestmark = pytest.mark.control_plane


@pytest.fixture
def namespaces(control_plane: ControlPlane, helm4: Helm, values: Path) -> Iterator[Manifests]:
    """What is rendered, once the namespaces that it speaks of are there."""
    made = rendered(helm4, values)
    named = {each["metadata"].get("namespace") for each in made.all} - {None}
    for name in named:
        control_plane.kubectl("create", "namespace", name)
    yield made
    control_plane.kubectl("delete", "namespace", *named)


def refused(plane: ControlPlane, manifest: Manifest) -> str:
    """Why it is, or nothing; a field that isn't known counts. It is never stored."""
    try:
        plane.kubectl(
            "apply", "--dry-run=server", "--validate=strict", "-f", "-", stdin=json.dumps(manifest)
        )
    except KubectlError as error:
        return error.stderr
    return ""


@pytest.mark.parametrize("values", CI_VALUES, ids=[each.stem for each in CI_VALUES])
def test_every_manifest_is_taken(control_plane: ControlPlane, namespaces: Manifests) -> None:
    said = [refused(control_plane, each) for each in namespaces.all if each["kind"] != "Pod"]

    assert "".join(said) == ""
    assert said


@pytest.mark.parametrize("values", CI_VALUES[:1], ids=["planted"])
def test_a_manifest_that_is_wrong_would_be_refused(
    control_plane: ControlPlane, namespaces: Manifests
) -> None:
    wrong = namespaces.one("Deployment")
    wrong["spec"]["template"]["spec"]["containers"][0]["livenessProbe"]["successThreshold"] = 2

    assert "successThreshold: Invalid value: 2: must be 1" in refused(control_plane, wrong)
