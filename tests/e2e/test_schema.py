"""The CRD as kubectl shows it, and what the API server does of itself to an object."""

import json
import re
from typing import Any

import pytest

from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.crd_schema import fields, written_schema
from tests.support.cluster.scene_audios import manifest

pytestmark = pytest.mark.control_plane

READY_MESSAGE = "The studio is as the spec says."
READY = {
    "type": "Ready",
    "status": "True",
    "reason": "Applied",
    "message": READY_MESSAGE,
    "lastTransitionTime": "2025-08-15T12:00:00Z",
    "observedGeneration": 1,
}
REPORT = {
    "observedGeneration": 1,
    "conditions": [READY],
    "requestId": "16A96B9A",
    "lastAppliedTime": "2025-08-15T12:00:00Z",
}


def create(plane: ControlPlane, namespace: str, name: str, **spec: Any) -> None:
    created = manifest(name, **spec)
    plane.kubectl("create", "-n", namespace, "-f", "-", stdin=json.dumps(created))


def read(plane: ControlPlane, namespace: str, name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(
        plane.kubectl("get", "csa", name, "-n", namespace, "-o", "json")
    )
    return body


def patch(
    plane: ControlPlane, namespace: str, name: str, change: dict[str, Any], *how: str
) -> dict[str, Any]:
    arguments = ("patch", "csa", name, "-n", namespace, "--type=merge", "-p", json.dumps(change))
    body: dict[str, Any] = json.loads(plane.kubectl(*arguments, *how, "-o", "json"))
    return body


def cells(plane: ControlPlane, *arguments: str) -> list[list[str]]:
    table = plane.kubectl("get", *arguments).splitlines()
    return [line.split() for line in table]


def test_kubectl_explain_tells_every_field_and_what_it_means(crds: ControlPlane) -> None:
    everything = crds.kubectl("explain", "csa", "--recursive")
    volume = crds.kubectl("explain", "csa.spec.layers.volumeRate")

    names = {path.rpartition(".")[2] for path, _ in fields(written_schema()) if path}
    assert {name.removesuffix("[]") for name in names} <= set(everything.split())
    assert "Volume as a multiple of the original, 0 (silent) to 10. Left out: 1." in " ".join(
        volume.split()
    )


def test_a_new_object_has_no_status_but_that_nothing_was_observed(
    crds: ControlPlane, namespace: str
) -> None:
    pretending = {**manifest("interview"), "status": REPORT}

    crds.kubectl("create", "-n", namespace, "-f", "-", stdin=json.dumps(pretending))

    assert read(crds, namespace, "interview")["status"] == {"observedGeneration": -1}


def test_a_change_of_the_object_leaves_its_status(crds: ControlPlane, namespace: str) -> None:
    create(crds, namespace, "interview")
    patch(crds, namespace, "interview", {"status": REPORT}, "--subresource=status")

    change = {"spec": {"followMode": "AudioFollowsVideo"}, "status": {"requestId": "forged"}}
    after = patch(crds, namespace, "interview", change)

    assert after["status"] == REPORT
    assert after["spec"]["followMode"] == "AudioFollowsVideo"
    assert after["metadata"]["generation"] == 2


def test_a_change_of_the_status_leaves_the_object(crds: ControlPlane, namespace: str) -> None:
    create(crds, namespace, "interview")
    before = read(crds, namespace, "interview")

    change = {"spec": {"followMode": "AudioFollowsVideo"}, "status": REPORT}
    after = patch(crds, namespace, "interview", change, "--subresource=status")

    assert after["status"] == REPORT
    assert after["spec"] == before["spec"]
    assert after["metadata"]["generation"] == 1


def test_the_table_tells_whether_it_is_done_and_why(crds: ControlPlane, namespace: str) -> None:
    names = {"casterId": "caster-1", "sceneId": "scene-1", "regionId": "cn-shanghai"}
    create(crds, namespace, "interview", mode="Observe", **names)
    patch(crds, namespace, "interview", {"status": REPORT}, "--subresource=status")

    table = cells(crds, "csa", "-n", namespace)
    wide = cells(crds, "csa", "-n", namespace, "-o", "wide")

    assert table[0] == ["NAME", "READY", "REASON", "CASTER", "SCENE", "AGE"]
    assert table[1][:-1] == ["interview", "True", "Applied", "caster-1", "scene-1"]
    assert wide[0] == [
        "NAME",
        "READY",
        "REASON",
        "CASTER",
        "SCENE",
        "MODE",
        "REQUEST",
        "REGION",
        "APPLIED",
        "AGE",
        "MESSAGE",
    ]
    assert wide[1][3:8] == ["caster-1", "scene-1", "Observe", "16A96B9A", "cn-shanghai"]
    assert re.fullmatch(r"[0-9]+[dy].*", wide[1][8])
    assert wide[1][10:] == READY_MESSAGE.split()


@pytest.mark.parametrize("name", ["csa", "castersceneaudio", "castersceneaudios", "apsaravideo"])
def test_the_objects_are_found_by_each_of_their_names(
    crds: ControlPlane, namespace: str, name: str
) -> None:
    create(crds, namespace, "interview")

    found = crds.kubectl("get", name, "-n", namespace, "-o", "name")

    assert found == "castersceneaudio.live.alibabacloud.com/interview\n"


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("spec.casterId=caster-1", ["first", "second"]),
        ("spec.sceneId=scene-2", ["other", "second"]),
        ("spec.casterId=caster-1,spec.sceneId=scene-2", ["second"]),
        ("spec.casterId!=caster-1", ["other"]),
    ],
)
def test_the_objects_of_a_caster_or_a_scene_can_be_selected(
    crds: ControlPlane, namespace: str, selector: str, found: list[str]
) -> None:
    create(crds, namespace, "first", casterId="caster-1", sceneId="scene-1")
    create(crds, namespace, "second", casterId="caster-1", sceneId="scene-2")
    create(crds, namespace, "other", casterId="caster-2", sceneId="scene-2")

    table = cells(crds, "csa", "-n", namespace, f"--field-selector={selector}", "--no-headers")

    assert [row[0] for row in table] == found


def test_a_second_manager_of_the_layers_replaces_them_as_one_whole(
    crds: ControlPlane, namespace: str
) -> None:
    def apply(manager: str, *locations: str, force: bool = False) -> None:
        layers = [{"locationId": location} for location in locations]
        wanted = json.dumps(manifest("interview", layers=layers))
        how = ("--server-side", f"--field-manager={manager}", f"--force-conflicts={force}".lower())
        crds.kubectl("apply", "-n", namespace, "-f", "-", *how, stdin=wanted)

    apply("desk", "RV01", "RV02")
    with pytest.raises(KubectlError, match=r"conflict with \"desk\".*: \.spec\.layers"):
        apply("pipeline", "RV03", "RV01")
    apply("pipeline", "RV03", "RV01", force=True)

    spec = read(crds, namespace, "interview")["spec"]
    assert spec["layers"] == [{"locationId": "RV03"}, {"locationId": "RV01"}]
