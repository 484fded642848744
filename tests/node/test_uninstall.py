"""What stays when the operator goes, and serves again when it is back."""

import pytest

from dev.kubectl import Kubectl
from tests.support.chart.release import NAMESPACE, Release
from tests.support.cluster.cluster import CRD_NAME
from tests.support.cluster.scene_audios import SceneAudios, version_of

pytestmark = pytest.mark.timeout(300)


def test_objects_and_their_definition_outlive_the_release(
    release: Release, objects: SceneAudios, kubectl: Kubectl
) -> None:
    objects.create("kept")
    kept = objects.until_applied("kept")
    release.uninstall()

    left = kubectl.json("get", "deployments,services,serviceaccounts", f"--namespace={NAMESPACE}")
    object_after = objects.read("kept")
    assert kubectl("get", "crd", CRD_NAME)
    assert object_after is not None
    assert version_of(object_after) == version_of(kept)
    assert {each["metadata"]["name"] for each in left["items"]} <= {"default"}

    release.install()
    objects.change("kept", followMode="AudioFollowsVideo")
    objects.until_applied("kept", within_s=60)
