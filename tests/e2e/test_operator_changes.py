"""An object is applied once, each change of its spec once more, and nothing else is a call."""

import json
from typing import Any

import pytest

from live_emulator.dials import DESCRIBE_AUDIO, UPDATE
from tests.support.cluster.scene_audios import SceneAudios, conditions_of, scene_of
from tests.support.running.emulator_thread import CASTER, LiveService
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

LAYERS = [
    {
        "locationId": "RV01",
        "volumeRate": 0.35,
        "validChannel": "LeftChannel",
        "fixedDelayMilliseconds": 500,
        "filter": {
            "automaticGainControl": True,
            "noiseReduction": "Music",
            "voiceBeautification": "FreshFemale",
        },
    },
    {"locationId": "RV02"},
]
FILTER_ON = {
    "enableAgc": 1,
    "enableAns": 1,
    "ansMode": 1,
    "enableBeautify": 1,
    "voiceBeautifyMode": 1,
}
FILTER_OFF = dict.fromkeys(FILTER_ON, 0)
PARAMETERS = {
    "RegionId": "cn-shanghai",
    "CasterId": CASTER,
    "SceneId": "scene-of-show",
    "FollowEnable": "1",
    "MixList.1": "RV01",
    "AudioLayer.1.VolumeRate": "0.35",
    "AudioLayer.1.ValidChannel": "leftChannel",
    "AudioLayer.1.FixedDelayDuration": "500",
    "AudioLayer.1.Filter": FILTER_ON,
    "MixList.2": "RV02",
    "AudioLayer.2.VolumeRate": "1.0",
    "AudioLayer.2.ValidChannel": "all",
    "AudioLayer.2.FixedDelayDuration": "0",
    "AudioLayer.2.Filter": FILTER_OFF,
}


def parsed(parameters: dict[str, str]) -> dict[str, object]:
    """With the filters as what their JSON says, for its keys have no order."""
    return {
        name: json.loads(value) if name.endswith(".Filter") else value
        for name, value in parameters.items()
    }


def test_a_new_object_is_one_call_with_exactly_its_parameters_and_is_then_ready(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    objects.create("show", regionId="cn-shanghai", followMode="AudioFollowsVideo", layers=LAYERS)
    shown = objects.until_applied("show")

    [call] = live.calls()
    status = shown["status"]
    ready = conditions_of(status)["Ready"]
    assert call["action"] == "UpdateCasterSceneAudio"
    assert parsed(call["parameters"]) == PARAMETERS
    assert status["requestId"] == call["requestId"]
    assert status["observedGeneration"] == shown["metadata"]["generation"] == 1
    assert (ready["status"], ready["observedGeneration"]) == ("True", 1)
    assert set(conditions_of(status)) == {"Ready"}
    assert not {"attempts", "nextRetryTime", "lastError"} & status.keys()


def test_a_change_of_the_spec_is_one_more_call(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    objects.create("show")
    objects.until_applied("show")

    objects.change("show", followMode="AudioFollowsVideo")
    shown = objects.until_applied("show")

    first, second = live.calls()
    assert [call["parameters"]["FollowEnable"] for call in (first, second)] == ["0", "1"]
    assert shown["status"]["requestId"] == second["requestId"]
    assert shown["status"]["observedGeneration"] == 2


def test_a_change_of_labels_or_annotations_or_a_foreign_status_is_no_call(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    objects.create("show")
    objects.until_applied("show")

    objects.patch("show", {"metadata": {"labels": {"season": "2"}}})
    objects.patch("show", {"metadata": {"annotations": {"example.com/seen": "yes"}}})
    objects.patch_status("show", {"observedGeneration": 0, "conditions": [], "requestId": "mine"})

    objects.settle()
    assert len(live.calls(scene_of("show"))) == 1


def test_changes_while_a_call_is_in_flight_are_one_call_more_and_the_last_is_right(
    objects: SceneAudios, live: LiveService, operator: OperatorProcess
) -> None:
    operator.flags = ("--live-timeout=60",)
    operator.start()
    objects.create("show", layers=[{"locationId": "RV01"}])
    objects.until_applied("show")

    live.fail(scene_of("show"), kind="hang", delaySeconds=None)
    objects.change("show", layers=[{"locationId": "RV01", "volumeRate": 2}])
    live.call_in_flight(scene_of("show"))
    for volume in (3, 4, 5, 6):
        objects.change("show", layers=[{"locationId": "RV01", "volumeRate": volume}])
    objects.create("later")
    objects.until_applied("later")  # what came before it has been seen
    live.clear_faults()
    shown = objects.until_applied("show")

    _, first, second = live.calls(scene_of("show"))
    [layer] = live.scene(scene_of("show"))["audio"]["layers"]
    assert first["parameters"]["AudioLayer.1.VolumeRate"] == "2.0"
    assert second["parameters"]["AudioLayer.1.VolumeRate"] == "6.0"
    assert layer["volumeRate"] == 6.0
    assert shown["status"]["requestId"] == second["requestId"]


def test_two_hundred_objects_at_once_are_all_applied_and_none_is_throttled(
    objects: SceneAudios, live: LiveService, running_operator: OperatorProcess
) -> None:
    names = [f"show-{number}" for number in range(200)]
    changed = names[:10]

    for name in names:
        objects.create(name, layers=[{"locationId": "RV01"}])
    for name in changed:
        objects.change(name, layers=[{"locationId": "RV01", "volumeRate": 0.5}])
    for name in names:
        objects.until_applied(name, within_s=60)

    tally = live.tally()
    quiet = {live.scene(scene_of(name))["audio"]["layers"][0]["volumeRate"] for name in changed}
    updates, reads = tally["byAction"][UPDATE], tally["byAction"][DESCRIBE_AUDIO]
    assert updates.keys() == reads.keys() == {"OK"}
    assert 200 <= updates["OK"] <= 210
    # One that is changed ahead of its first write is read anew: it may be as the change says.
    assert 200 <= reads["OK"] <= 210
    assert tally["mostInOneSecond"][UPDATE] <= 10
    assert tally["mostOverlapping"] == 0
    assert quiet == {0.5}


def test_a_fader_that_is_moved_on_and_on_is_a_series_of_the_newest_text(stage: Stage) -> None:
    stage.live.turn(updateQps=0, readQps=0)  # a throttled call is another test's matter
    stage.operator.flags = ("--update-qps=100",)
    stage.operator.start()
    stage.objects.create("fader", layers=at(0))
    stage.objects.until("fader", "Applied")

    for position in range(1, 16):
        stage.objects.change("fader", layers=at(position))
        stage.objects.until("fader", "Applied")

    changed = eventually(lambda: in_series(stage))
    first, *single, series = changed
    assert len(changed) == 10
    assert "RV01 set to (0)" in first.note
    assert [event.note.rpartition("volumeRate ")[2] for event in single] == [
        f"{position / 10:g} → {(position + 1) / 10:g}" for position in range(8)
    ]
    assert series.note.endswith("RV01 volumeRate 1.4 → 1.5")
    assert series.series.count == 7


def at(position: int) -> list[dict[str, object]]:
    return [{"locationId": "RV01", "volumeRate": position / 10}]


def in_series(stage: Stage) -> list[Any]:
    """The Events of changes, once the last of them tells of the last change."""
    events = [each for each in stage.objects.events("fader") if "Changed: " in each.note]
    return events if events and events[-1].note.endswith("1.4 → 1.5") else []
