"""Which changes of an object the API server takes, and what it says to the others."""

import json
from typing import Any

import pytest

from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.scene_audios import manifest

pytestmark = pytest.mark.control_plane

WITH_REGION = {"regionId": "cn-shanghai"}
FORBIDDEN: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "caster": (
        {},
        {"casterId": "other"},
        "spec.casterId: Forbidden: can't change; delete this object and create one for the other caster",
    ),
    "scene": (
        {},
        {"sceneId": "other"},
        "spec.sceneId: Forbidden: can't change; delete this object and create one for the other scene",
    ),
    "region": (
        WITH_REGION,
        {"regionId": "cn-beijing"},
        "spec.regionId: Forbidden: can't change or go once set; delete this object and create one for the other region",
    ),
    "region-removed": (
        WITH_REGION,
        {"regionId": None},
        "spec.regionId: Forbidden: can't change or go once set",
    ),
}


@pytest.mark.parametrize(("before", "change", "expected"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_forbidden_change_is_told_the_field_and_what_to_do(
    crds: ControlPlane,
    namespace: str,
    before: dict[str, Any],
    change: dict[str, Any],
    expected: str,
) -> None:
    created = manifest("interview", **before)
    crds.kubectl("create", "-n", namespace, "-f", "-", stdin=json.dumps(created))

    with pytest.raises(KubectlError) as refused:
        patch(crds, namespace, change)

    assert expected in refused.value.stderr


@pytest.mark.parametrize(
    "change",
    [WITH_REGION, {"followMode": "AudioFollowsVideo"}, {"layers": [{"locationId": "RV01"}]}],
    ids=["region-added", "follow-mode", "layers"],
)
def test_what_is_not_the_scenes_identity_may_change(
    crds: ControlPlane, namespace: str, change: dict[str, Any]
) -> None:
    created = manifest("interview")
    crds.kubectl("create", "-n", namespace, "-f", "-", stdin=json.dumps(created))

    changed = patch(crds, namespace, change)

    assert change.items() <= changed["spec"].items()


def patch(plane: ControlPlane, namespace: str, spec: dict[str, Any]) -> dict[str, Any]:
    """The object as it is after a change of its spec."""
    body = json.dumps({"spec": spec})
    answer = plane.kubectl(
        "patch", "csa", "interview", "-n", namespace, "--type=merge", "-p", body, "-o", "json"
    )
    patched: dict[str, Any] = json.loads(answer)
    return patched
