"""What its users do with the operator that the chart has installed."""

import pytest

from dev.kubectl import Kubectl
from tests.support.chart.release import Release
from tests.support.cluster.cluster import ROOT
from tests.support.cluster.scene_audios import SceneAudios, scene_of
from tests.support.running.declared import AUDIO, DECLARED, audio_of
from tests.support.running.emulator_thread import LiveService
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.timeout(300)

EXAMPLES = ROOT / "examples"


def test_what_is_applied_is_what_the_studio_has(objects: SceneAudios, live: LiveService) -> None:
    objects.create("mix", **DECLARED)
    objects.until_applied("mix")

    assert audio_of(live, "mix") == AUDIO
    assert len(live.calls(scene_of("mix"))) == 1


def test_a_change_reaches_the_studio(objects: SceneAudios, live: LiveService) -> None:
    objects.create("mix", **DECLARED)
    objects.until_applied("mix")
    objects.change("mix", followMode="AudioFollowsVideo", layers=[{"locationId": "RV03"}])
    objects.until_applied("mix")

    audio = live.scene(scene_of("mix"))["audio"]
    assert audio["followEnable"] == 1
    assert [layer["locationId"] for layer in audio["layers"]] == ["RV03"]


def test_the_examples_become_ready_as_kubectl_waits_for_them(
    objects: SceneAudios, live: LiveService, kubectl: Kubectl
) -> None:
    here = f"--namespace={objects.namespace}"
    kubectl("apply", here, "--filename", f"{EXAMPLES}")
    kubectl("wait", "csa", "--all", "--for=condition=Ready", here, "--timeout=60s", timeout_s=90)

    assert set(objects.reasons().values()) <= {"Applied", "InSync"}


def test_a_scene_in_a_channel_is_tried_again_until_it_is_free(
    objects: SceneAudios, live: LiveService
) -> None:
    live.put_scene(scene_of("busy"), inChannel=True)
    objects.create("busy", **DECLARED)
    refused = objects.until("busy", "ResourceInChannel")
    live.patch_scene(scene_of("busy"), inChannel=False)
    applied = objects.until_applied("busy", within_s=120)

    assert refused["status"]["lastError"]["httpStatus"] == 412
    assert audio_of(live, "busy") == AUDIO
    assert {call["httpStatus"] for call in live.calls(scene_of("busy"))[:-1]} == {412}
    assert applied["status"].get("attempts", 0) == 0


def test_what_somebody_else_changes_is_set_right_again(
    objects: SceneAudios, live: LiveService
) -> None:
    objects.create("mix", interval="1s", **DECLARED)
    objects.until_applied("mix")
    live.patch_scene(scene_of("mix"), audio={"followEnable": 1})
    eventually(lambda: audio_of(live, "mix") == AUDIO, within_s=60)

    objects.until("mix", "DriftCorrected", within_s=60)


def test_nothing_has_restarted_by_now(release: Release) -> None:
    pods = (*release.operators(), *release.pods("emulator"))

    assert {pod.name: pod.restarts for pod in pods} == {pod.name: 0 for pod in pods}
