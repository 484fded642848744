"""What the service or another writer makes too large: it holds nothing up, and stays out of a status."""

import json
from typing import Any

import pytest

from live_emulator.dials import DESCRIBE_AUDIO, UPDATE
from tests.support.cluster.scene_audios import Body, scene_of
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

HUGE = "X" * 900_000
FITS = 30_000
"""Characters of an object as JSON: what is left of the largest."""

IN_HASTE = ("--interval=1s", "--interval-floor=1s", "--backoff=transient=0.2:0.5")
A_LAYER = [{"locationId": "RV01"}]


def strike(stage: Stage, action: str, **fault: Any) -> None:
    """As often as the scene is called for so."""
    match = {"sceneId": scene_of("show"), "action": action}
    stage.live.strike(match, times=None, **fault)


def still_served(stage: Stage) -> Body:
    """The object, once a further change of it went out and is told, and nothing in it is large."""
    stage.objects.change("show", layers=[{"locationId": "RV01", "volumeRate": 0.5}])
    eventually(lambda: volumes(stage) == [0.5])
    shown = eventually(lambda: told(stage))
    assert len(json.dumps(shown)) < FITS
    return shown


def volumes(stage: Stage) -> list[float]:
    layers = stage.live.scene(scene_of("show"))["audio"]["layers"]
    return [each["volumeRate"] for each in layers]


def told(stage: Stage) -> Body | None:
    """The object, where its status speaks of its newest spec."""
    body = stage.objects.read("show")
    generation = body and body["metadata"]["generation"]
    return body if body and body["status"]["observedGeneration"] == generation else None


def test_a_request_id_without_end_is_cut_in_a_success(stage: Stage) -> None:
    strike(stage, UPDATE, kind="altered", merge={"RequestId": HUGE})
    stage.operator.start()
    stage.objects.create("show", layers=A_LAYER)
    stage.objects.until("show", "Applied")

    shown = still_served(stage)

    assert shown["status"]["requestId"] == "X" * 127 + "…"


def test_a_request_id_code_and_message_without_end_are_cut_in_a_failure(stage: Stage) -> None:
    document = {"Code": "Odd" * 90_000, "Message": HUGE[:400_000], "RequestId": HUGE[:300_000]}
    fault = {"kind": "body", "status": 409, "contentType": "application/json"}
    stage.live.put_scene(scene_of("show"))
    stage.live.strike({"sceneId": scene_of("show")}, body=json.dumps(document), **fault)
    stage.operator.flags = ("--backoff=unknown=0.5:1",)
    stage.operator.start()
    stage.objects.create("show", layers=A_LAYER)
    refused = stage.objects.until("show", "Refused")

    still_served(stage)

    error = refused["status"]["lastError"]
    assert len(json.dumps(refused)) < FITS
    assert (len(error["code"]), len(error["message"]), len(error["requestId"])) == (128, 512, 128)


@pytest.mark.parametrize("drift", ["Correct", "Report"])
def test_a_scene_of_a_megabyte_is_read_and_told_in_part(stage: Stage, drift: str) -> None:
    locations = [f"{number:X>99}" for number in range(6000)]
    strike(stage, DESCRIBE_AUDIO, kind="altered", merge={"MixList": {"LocationId": locations}})
    stage.operator.flags = IN_HASTE
    stage.operator.start()
    stage.objects.create("show", layers=A_LAYER, drift=drift)
    eventually(lambda: told(stage))

    shown = still_served(stage)

    assert len(shown["status"]["replaced"]["layers"]) == 128


def test_a_scene_of_a_megabyte_is_observed_in_part(stage: Stage) -> None:
    locations = [f"{number:X>99}" for number in range(6000)]
    strike(stage, DESCRIBE_AUDIO, kind="altered", merge={"MixList": {"LocationId": locations}})
    stage.operator.start()
    stage.objects.create("show", mode="Observe")

    shown = stage.objects.until("show", "Observed")

    assert len(shown["status"]["observed"]["layers"]) == 128
    assert len(json.dumps(shown)) < FITS


def test_a_delay_and_a_volume_beyond_sense_are_corrected_like_any_drift(stage: Stage) -> None:
    stage.operator.flags = IN_HASTE
    stage.operator.start()
    stage.objects.create("show", layers=A_LAYER)
    stage.objects.until("show", "Applied")
    layer = {"VolumeRate": 1e30, "ValidChannel": "all", "FixedDelayDuration": 10**30}
    strike(stage, DESCRIBE_AUDIO, kind="altered", merge={"AudioLayers": {"AudioLayer": [layer]}})
    corrected = stage.objects.until("show", "DriftCorrected")

    still_served(stage)

    ready = corrected["status"]["conditions"][0]["message"]
    assert "fixedDelayMilliseconds 1000000000 → 0" in ready


def test_a_time_to_wait_beyond_sense_is_not_waited_for(stage: Stage) -> None:
    stage.live.fail(scene_of("show"), code="InternalError", status=500, retryAfterMs=10**30)
    stage.operator.start()
    stage.objects.create("show", layers=A_LAYER)

    stage.objects.until_applied("show")

    still_served(stage)


def test_what_another_writer_puts_into_the_status_is_not_kept(stage: Stage) -> None:
    stage.live.put_scene(scene_of("show"), inChannel=True)
    stage.operator.flags = ("--backoff=busy=0.3:0.6",)
    stage.operator.start()
    stage.objects.create("show", layers=A_LAYER)
    stage.objects.until("show", "ResourceInChannel")
    stage.operator.stop()
    stage.objects.patch_status(
        "show",
        {
            "attempts": 2**62,
            "requestId": HUGE[:200_000],
            "lastHandledReconcileAt": HUGE[:200_000],
            "replaced": {"layers": [{"locationId": f"{number:X>99}"} for number in range(4000)]},
            "conditions": [
                {
                    "type": "Ready",
                    "status": "False",
                    "reason": "ResourceInChannel",
                    "message": HUGE[:30_000],
                    "lastTransitionTime": "0001-01-01T00:00:00Z",
                    "observedGeneration": 1,
                }
            ],
        },
    )
    stage.operator.start()

    failed_again = eventually(lambda: shrunk(stage))
    stage.live.patch_scene(scene_of("show"), inChannel=False)
    stage.objects.until_applied("show")

    still_served(stage)
    assert failed_again["status"]["attempts"] <= 10**6 + 100


def shrunk(stage: Stage) -> Body | None:
    body = stage.objects.read("show")
    return body if body and len(json.dumps(body)) < FITS else None
