"""The record of changes, joined with what the service itself has on record."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.scene_audios import scene_of
from tests.support.running.emulator_thread import Call
from tests.support.running.operator_process import ACCESS_KEY_ID, ACCESS_KEY_SECRET
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

EACH_SECOND = ("--interval=1s", "--interval-floor=1s", "--backoff=transient=0.2:0.4")
ASKED = {
    "metadata": {"annotations": {"live.alibabacloud.com/reconcile-requested-at": "20:14, please"}}
}
FADER = [0.9, 0.8, 0.7]
NAMES = ("fader", "failing", "dropped", "throttled", "drifting", "asked")

Line = dict[str, Any]


@dataclass(frozen=True)
class Evening:
    """All that was called, and all that was put on record."""

    calls: list[Call]
    text: str

    @property
    def lines(self) -> list[Line]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, name: str) -> list[Line]:
        return [line for line in self.lines if line["object"].endswith(f"/{name}")]


@pytest.fixture(scope="module")
def evening(crds: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    directory = tmp_path_factory.mktemp("changes")
    record = directory / "changes.jsonl"
    with set_stage(crds, directory) as stage:
        stage.operator.flags = (*EACH_SECOND, f"--change-log={record}")
        stage.operator.start()
        happen(stage)
        stage.operator.stop()
        yield Evening(stage.live.calls(), record.read_text())


def happen(stage: Stage) -> None:
    """Changes of a fader, three failures, a drift and a request."""
    stage.live.fail(scene_of("failing"), code="InternalError", status=500)
    stage.live.fail(scene_of("dropped"), kind="drop")
    stage.live.fail(scene_of("throttled"), code="Throttling.User", status=400)
    for name in NAMES:
        stage.objects.create(name, layers=layers(1.0))
    for name in NAMES:
        stage.objects.until_applied(name)
    for volume in FADER:
        change = json.dumps({"spec": {"layers": layers(volume)}})
        where = ("csa/fader", f"--namespace={stage.namespace}", "--type=merge")
        stage.plane.kubectl("patch", *where, "--patch", change)
        eventually(partial(has_volume, stage, "fader", volume))
    stage.live.patch_scene(scene_of("drifting"), audio={"layers": []})
    eventually(partial(has_volume, stage, "drifting", 1.0))
    calls = len(stage.live.calls(scene_of("asked")))
    stage.objects.patch("asked", ASKED)
    eventually(lambda: len(stage.live.calls(scene_of("asked"))) > calls)


def layers(volume: float) -> list[dict[str, Any]]:
    return [{"locationId": "RV01", "volumeRate": volume}]


def has_volume(stage: Stage, name: str, volume: float) -> bool:
    """Whether the studio has it by now."""
    told = stage.live.scene(scene_of(name))["audio"]["layers"]
    return bool(told) and abs(told[0]["volumeRate"] - volume) < 1e-6


def test_every_update_that_the_service_has_on_record_has_exactly_one_line(
    evening: Evening,
) -> None:
    answered = [call for call in evening.calls if call["httpStatus"] is not None]

    told = Counter(line["requestId"] for line in evening.lines if "requestId" in line)

    assert told == Counter(call["requestId"] for call in answered)
    assert set(told.values()) == {1}
    assert len(evening.lines) == len(evening.calls)
    assert [line["outcome"] for line in evening.lines if "requestId" not in line] == ["Unreachable"]


def test_a_line_says_what_the_service_has_on_record(evening: Evening) -> None:
    by_request = {call["requestId"]: call for call in evening.calls}

    for line in evening.lines:
        call = by_request.get(line.get("requestId", ""))
        if call is None:
            continue
        parameters = call["parameters"]
        assert line["code"] == call["code"]
        assert (line["casterId"], line["sceneId"]) == (
            parameters["CasterId"],
            parameters["SceneId"],
        )
        [layer] = line["after"]["layers"]
        assert f"{layer['volumeRate']}" == parameters["AudioLayer.1.VolumeRate"]
        assert line["durationMs"] >= 0


def test_each_line_says_why(evening: Evening) -> None:
    whys = {name: [line["why"] for line in evening.of(name)] for name in NAMES}

    assert whys == {
        "fader": ["spec"] * 4,
        "failing": ["spec", "retry"],
        "dropped": ["spec", "retry"],
        "throttled": ["spec", "retry"],
        "drifting": ["spec", "drift"],
        "asked": ["spec", "request"],
    }
    [_, correction] = evening.of("drifting")
    assert correction["drift"] == "layers [] → [RV01]"


def test_the_lines_of_a_scene_are_its_history(evening: Evening) -> None:
    """What one write left is what the next one found, but for those that failed."""
    histories = defaultdict(list)
    for line in evening.lines:
        if line["outcome"] in {"Applied", "DriftCorrected"}:
            histories[line["object"]].append(line)

    volumes = [line["after"]["layers"][0]["volumeRate"] for line in evening.of("fader")]
    assert volumes == [1.0, *FADER]
    for history in histories.values():
        for one, next_one in pairwise(history):
            assert next_one["before"] == one["after"]
            assert next_one["time"] >= one["time"]


def test_a_line_names_who_wrote_the_spec(evening: Evening) -> None:
    created, *patched = [line["who"] for line in evening.of("fader")]

    assert set(patched) == {"kubectl-patch"}
    assert created != "kubectl-patch"


def test_no_line_holds_a_secret(evening: Evening) -> None:
    assert ACCESS_KEY_SECRET not in evening.text
    assert ACCESS_KEY_ID not in evening.text


def test_the_record_can_go_to_the_log(stage: Stage) -> None:
    stage.operator.flags = ("--change-log=log",)
    stage.operator.start()
    stage.objects.create("show")
    shown = stage.objects.until_applied("show")
    stage.operator.stop()

    lines = [json.loads(line) for line in stage.operator.log.splitlines() if line.startswith("{")]
    [change] = [line["change"] for line in lines if line["message"] == "Scene written"]
    assert change["requestId"] == shown["status"]["requestId"]
    assert change["after"] == {"followMode": "AudioMixing"}


def test_a_record_that_cannot_be_kept_ends_the_operator_at_its_start(stage: Stage) -> None:
    stage.operator.flags = (f"--change-log={Path('/no/such/folder/changes')}",)

    stage.operator.launch()
    eventually(lambda: not stage.operator.is_running)

    assert "/no/such/folder/changes: No such file or directory" in stage.operator.log
