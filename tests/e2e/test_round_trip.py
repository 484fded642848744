"""Scenes become objects and come back: exported, planned, applied, drifted, planned, corrected."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest
import yaml

from dev.control_plane.plane import ControlPlane
from tests.support.running.commands import Ended, command
from tests.support.running.emulator_thread import CASTER
from tests.support.running.operator_process import KEY
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

SCENES = 40
NAMES = ["Opening", "Interview 1", "Interview 1", "开场", "no", "1e3", "0x10", "Ünïcode", "---"]
UPDATE = "UpdateCasterSceneAudio"
MANY = ("--read-qps", "1000")


@pytest.fixture(scope="module")
def studio(crds: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with set_stage(crds, tmp_path_factory.mktemp("round-trip")) as stage:
        stage.live.clear_scenes()
        stage.live.turn(readQps=1000)
        yield stage


@pytest.fixture(scope="module")
def chance() -> Random:
    seed = SystemRandom().randrange(10**6)
    print(f"the studio's seed: {seed}")  # noqa: T201 (shown where a test fails)
    return Random(seed)  # noqa: S311 (a studio that can be made again)


@pytest.fixture(scope="module")
def exported(studio: Stage, chance: Random, tmp_path_factory: pytest.TempPathFactory) -> Path:
    for number in range(SCENES):
        studio.live.put_scene(
            f"scene-{number}",
            sceneName=NAMES[number % len(NAMES)],
            audio={"followEnable": chance.randrange(2), "layers": layers(chance)},
        )
    ended = run(studio, "export", "--caster", CASTER, "-n", studio.namespace, *MANY)
    assert (ended.code, ended.words) == (0, f"Scenes: {SCENES}, as objects: {SCENES}.\n")
    path = tmp_path_factory.mktemp("git") / "studio.yaml"
    path.write_text(ended.data)
    return path


def layers(chance: Random) -> list[dict[str, Any]]:
    return [
        {
            "locationId": f"RV{number:02}",
            "volumeRate": chance.choice([0, 1, chance.randrange(1000) / 100, chance.random()]),
            "validChannel": chance.choice(["all", "leftChannel", "rightChannel"]),
            "fixedDelayDuration": chance.choice([0, chance.randrange(5001)]),
        }
        for number in range(chance.randrange(1, 5))
    ]


def run(stage: Stage, *arguments: str | Path) -> Ended:
    reached = {
        "CASTER_SCENE_AUDIO_LIVE_ENDPOINT": stage.live.url,
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        "KUBECONFIG": f"{stage.plane.kubeconfig}",
    }
    return command(*arguments, environ={**KEY, **reached})


def test_what_is_exported_is_sound_and_each_has_a_name_of_its_own(exported: Path) -> None:
    bodies = [*yaml.safe_load_all(exported.read_text())]

    names = [each["metadata"]["name"] for each in bodies]
    assert len({*names}) == SCENES
    assert {"opening", "interview-1", "interview-1-2", "scene-3", "no", "1e3", "unicode"} <= {
        *names
    }
    assert command("validate", exported).code == 0
    assert exported.read_text().startswith("# The filters of a layer can't be read back")


def test_planned_adopted_drifted_planned_and_corrected(
    studio: Stage, exported: Path, chance: Random
) -> None:
    before = run(studio, "plan", exported, *MANY)
    studio.operator.start()
    studio.plane.kubectl("apply", "-f", f"{exported}")
    studio.objects.until_all_applied()
    adopted = studio.live.calls(action=UPDATE)
    studio.operator.stop()
    told = {}
    for number in chance.sample(range(SCENES), 10):
        told[f"scene-{number}"] = drift(studio, f"scene-{number}", chance)
    drifted = json.loads(run(studio, "plan", exported, *MANY, "-o", "json").data)["scenes"]
    studio.operator.flags = ("--interval=1s", "--interval-floor=1s")
    studio.operator.start()
    after = eventually(lambda: _if_nothing(run(studio, "plan", exported, *MANY)))

    assert (before.code, before.data) == (0, "")
    assert adopted == []
    found = {
        each["scene_id"]: each["plan"]["changes"] for each in drifted if each["plan"]["changes"]
    }
    assert {scene: [each["subject"] for each in found[scene]] for scene in found} == told
    assert after.data == ""


def _if_nothing(ended: Ended) -> Ended | None:
    return ended if ended.code == 0 else None


def drift(stage: Stage, scene: str, chance: Random) -> list[str]:
    """Somebody changes one thing in the console; what the plan is to name."""
    audio = stage.live.scene(scene)["audio"]
    if chance.random() < 0.3:
        stage.live.patch_scene(scene, audio={"followEnable": 1 - audio["followEnable"]})
        return ["followMode"]
    layer = chance.choice(audio["layers"])
    name, value = chance.choice([("volumeRate", 4.25), ("fixedDelayDuration", 4999)])
    layer[name] = value if layer[name] != value else 1
    stage.live.patch_scene(scene, audio={"layers": audio["layers"]})
    return [layer["locationId"]]


def test_one_scene_alone_is_exported_as_json(studio: Stage, exported: Path) -> None:
    ended = run(studio, "export", "--caster", CASTER, "--scene", "scene-1", "-o", "json")

    [body] = json.loads(ended.data)["items"]
    assert ended.code == 0
    assert body["spec"]["sceneId"] == "scene-1"


def test_a_scene_or_caster_that_is_not_there_is_told(studio: Stage, exported: Path) -> None:
    no_scene = run(studio, "export", "--caster", CASTER, "--scene", "none")
    no_caster = run(studio, "export", "--caster", "none")

    assert (no_scene.code, no_scene.data) == (1, "")
    assert no_scene.words.startswith(f"The caster {CASTER} has no scene none.\n")
    assert (no_caster.code, no_caster.data) == (1, "")
    assert no_caster.words.startswith("The caster none can't be read: ")


def test_while_the_service_throttles_it_waits_and_says_so(studio: Stage, exported: Path) -> None:
    studio.live.strike(
        {"action": "DescribeCasterScenes"},
        code="Throttling.User",
        status=400,
        retryAfterMs=100,
        times=1,
    )

    ended = run(studio, "export", "--caster", CASTER, "--scene", "scene-1")

    assert ended.code == 0
    assert ended.words.startswith("The account's quota is used up; waiting 0.1 s.\n")
