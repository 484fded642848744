"""Objects that only observe, are suspended, wait for the air, are asked for, or come second."""

import time
from datetime import datetime

import pytest
from kubernetes.client import ApiClient, CoreV1Api

from live_emulator.dials import DESCRIBE_AUDIO, DESCRIBE_SCENES
from tests.support.cluster.scene_audios import Body, SceneAudios, conditions_of, manifest, scene_of
from tests.support.running.declared import AUDIO, DECLARED, audio_of, declared, said_of, until_read
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

__all__ = ["declared"]

pytestmark = pytest.mark.control_plane

REQUEST = "live.alibabacloud.com/reconcile-requested-at"
SHARED = "scene-of-both"


def test_an_observer_reads_and_reports_and_never_writes(declared: Stage) -> None:
    declared.live.put_scene(scene_of("show"), audio={"followEnable": 1})
    declared.objects.create("show", mode="Observe", **DECLARED)
    declared.plane.kubectl(
        "wait", "--for=condition=Ready", "csa/show", "-n", declared.namespace, "--timeout=20s"
    )
    shown = declared.objects.until("show", "Observed")

    declared.live.patch_scene(scene_of("show"), audio=AUDIO)
    agreed = eventually(lambda: agreed_object(declared.objects))
    until_read(declared.live, "show")
    told = len(declared.operator_writes())
    until_read(declared.live, "show", times=3)

    assert said_of(shown, "Drifted") == (
        "followMode AudioFollowsVideo → AudioMixing; layers [] → [RV01, RV02]"
    )
    assert shown["status"]["observed"] == {"followMode": "AudioFollowsVideo"}
    assert [each["locationId"] for each in agreed["status"]["observed"]["layers"]] == [
        "RV01",
        "RV02",
    ]
    assert conditions_of(agreed["status"])["Ready"]["status"] == "True"
    assert declared.live.calls(scene_of("show")) == []
    assert len(declared.operator_writes()) == told


def agreed_object(objects: SceneAudios) -> Body | None:
    body = objects.read("show")
    return None if body is None or "Drifted" in conditions_of(body["status"]) else body


def test_a_suspended_object_is_not_called_and_resuming_goes_at_once(declared: Stage) -> None:
    declared.objects.create("other", **DECLARED)
    declared.objects.create("show", suspend=True, **DECLARED)
    suspended = declared.objects.until("show", "Suspended")
    until_read(declared.live, "other", times=3)
    called = [
        *declared.live.calls(scene_of("show")),
        *declared.live.calls(scene_of("show"), action=DESCRIBE_AUDIO),
    ]

    declared.objects.change("show", suspend=False)
    shown = declared.objects.until_applied("show")

    assert called == []
    assert set(conditions_of(suspended["status"])) == {"Ready", "Suspended"}
    assert set(conditions_of(shown["status"])) == {"Ready"}
    assert audio_of(declared.live, "show") == AUDIO


def test_suspending_stops_the_correction_of_drift(declared: Stage) -> None:
    declared.objects.create("other", **DECLARED)
    declared.objects.create("show", **DECLARED)
    declared.objects.until_applied("show")
    declared.objects.change("show", suspend=True)
    declared.objects.until("show", "Suspended")
    reads = len(declared.live.calls(scene_of("show"), action=DESCRIBE_AUDIO))

    declared.live.patch_scene(scene_of("show"), audio={"followEnable": 1})
    until_read(declared.live, "other", times=3)

    assert len(declared.live.calls(scene_of("show"))) == 1
    assert len(declared.live.calls(scene_of("show"), action=DESCRIBE_AUDIO)) == reads


def test_a_reconcile_request_is_called_for_once_and_echoed(declared: Stage) -> None:
    declared.objects.create("show", drift="Ignore", **DECLARED)
    declared.objects.until_applied("show")
    declared.live.patch_scene(scene_of("show"), audio={"followEnable": 1})

    declared.objects.patch("show", {"metadata": {"annotations": {REQUEST: "now"}}})
    echoed = eventually(lambda: handled(declared.objects, "now"))
    declared.objects.patch("show", {"metadata": {"labels": {"seen": "again"}}})
    declared.objects.create("other", **DECLARED)
    declared.objects.until_applied("other")

    assert echoed
    assert audio_of(declared.live, "show") == AUDIO
    assert len(declared.live.calls(scene_of("show"))) == 2


def handled(objects: SceneAudios, value: str) -> bool:
    body = objects.read("show")
    return body is not None and body["status"].get("lastHandledReconcileAt") == value


def create_both(stage: Stage) -> None:
    stage.objects.create("older", sceneId=SHARED, followMode="AudioMixing")
    stage.objects.until_applied("older")
    pass_a_second_after(stage.objects, "older")
    stage.objects.create("younger", sceneId=SHARED, followMode="AudioFollowsVideo")


def pass_a_second_after(objects: SceneAudios, name: str) -> None:
    """Creation times are whole seconds, and of two in one second the uid decides."""
    body = objects.read(name)
    assert body is not None
    created = datetime.fromisoformat(body["metadata"]["creationTimestamp"]).timestamp()
    eventually(lambda: time.time() >= created + 1)


def test_of_two_objects_for_a_scene_the_younger_waits_and_takes_over(declared: Stage) -> None:
    create_both(declared)
    lost = declared.objects.until("younger", "Conflict")
    follows = {call["parameters"]["FollowEnable"] for call in declared.live.calls(SHARED)}

    declared.objects.delete("older")
    declared.objects.until_applied("younger")

    assert "nextRetryTime" not in lost["status"]  # so nothing but the deletion made it go
    assert "older" in said_of(lost)
    assert set(conditions_of(lost["status"])) == {"Ready", "Stalled"}
    assert follows == {"0"}
    assert declared.live.scene(SHARED)["audio"]["followEnable"] == 1


def test_a_conflict_across_namespaces_names_no_names(declared: Stage) -> None:
    declared.operator.stop()
    other = f"{declared.namespace}-other"
    declared.operator.flags = (*declared.operator.flags, f"--namespace={other}")
    client: ApiClient = declared.objects._objects.api_client
    CoreV1Api(client).create_namespace({"metadata": {"name": other}})
    theirs = SceneAudios(client, other)
    theirs.create("secret-show", sceneId=SHARED)
    declared.operator.start()
    theirs.until_applied("secret-show")
    pass_a_second_after(theirs, "secret-show")

    declared.objects.create("ours", sceneId=SHARED)
    lost = declared.objects.until("ours", "Conflict")

    CoreV1Api(client).delete_namespace(other)
    assert "another namespace" in said_of(lost)
    assert "secret-show" not in f"{lost['status']}"
    assert other not in f"{lost['status']}"
    assert len(declared.live.calls(SHARED)) == 1


def test_a_change_waits_until_the_scene_has_left_the_air(declared: Stage) -> None:
    declared.live.put_scene(scene_of("show"), outputType="1")
    declared.objects.create("show", onAir="Wait", **DECLARED)
    waiting = declared.objects.until("show", "OnAir")
    called = declared.live.calls(scene_of("show"))

    declared.live.patch_scene(scene_of("show"), outputType="0")
    declared.objects.until_applied("show")

    assert called == []
    assert set(conditions_of(waiting["status"])) == {"Ready", "Reconciling"}
    assert "attempts" not in waiting["status"]
    assert "on air" in said_of(waiting)
    assert declared.live.calls(scene_of("show"), action=DESCRIBE_SCENES)
    assert audio_of(declared.live, "show") == AUDIO


def test_what_the_first_write_replaced_can_be_applied_again(declared: Stage) -> None:
    before = {
        "followEnable": 1,
        "layers": [
            {
                "locationId": "RV03",
                "volumeRate": 0.35,
                "validChannel": "rightChannel",
                "fixedDelayDuration": 70,
            }
        ],
    }
    declared.live.put_scene(scene_of("show"), audio=before)
    declared.objects.create("show", **DECLARED)
    declared.objects.until_applied("show")
    declared.objects.change("show", followMode="AudioFollowsVideo")
    shown = declared.objects.until_applied("show")

    declared.objects.change("show", **shown["status"]["replaced"])
    declared.objects.until_applied("show")

    assert audio_of(declared.live, "show") == before


def test_an_object_that_begins_to_manage_applies_what_it_observed_before(declared: Stage) -> None:
    body = manifest("show", mode="Observe", **DECLARED)["spec"]
    declared.objects.create("show", **body)
    declared.objects.until("show", "Observed")

    declared.objects.change("show", mode="Manage")
    shown = declared.objects.until_applied("show")

    assert "observed" not in shown["status"]
    assert audio_of(declared.live, "show") == AUDIO
