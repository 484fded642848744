"""The page about the air: its commands, as they are written there, and what it says of a take."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import yaml

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import ROOT
from tests.support.cluster.scene_audios import Body, reason_of
from tests.support.running.declared import EACH_SECOND
from tests.support.running.emulator_thread import ANY_SCENE
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

PAGE = (ROOT / "docs" / "on-air.md").read_text()
CASTER = "LIVEPRODUCER_POST-cn-demo"
PROGRAMME: Body = {"casterId": CASTER, "sceneId": "scene-opening"}
PREVIEW_MIX: Body = {"followEnable": 0, "layers": [{"locationId": "RV02", "volumeRate": 0.5}]}
OWN_MIX: Body = {"followMode": "AudioMixing", "layers": [{"locationId": "RV01"}]}
NEVER_SET: Body = {"followEnable": 1, "layers": []}
TAKEN, OWN = ["RV02"], ["RV01"]


@pytest.fixture
def studio(crds: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    """The demo's caster: `scene-opening` is on air, `scene-interview` its preview."""
    emulator = replace(ANY_SCENE, any_scene=False, demo_studio=True)
    with set_stage(crds, tmp_path, emulator=emulator) as stage:
        stage.operator.flags = EACH_SECOND
        stage.operator.start()
        stage.live.patch_scene("scene-interview", caster=CASTER, audio=PREVIEW_MIX)
        yield stage


def commands(containing: str) -> str:
    """The block of the page that has this."""
    (found,) = [
        block for block in re.findall("```sh\n(.*?)```", PAGE, re.DOTALL) if containing in block
    ]
    return str(found)


def ran(stage: Stage, script: str, directory: Path) -> str:
    """By a shell that stops at the first failure, in the stage's namespace and with its emulator."""
    kubeconfig = directory / "users.kubeconfig"
    shutil.copy(stage.plane.kubeconfig, kubeconfig)
    stage.plane.kubectl(
        "config",
        "set-context",
        "--current",
        f"--namespace={stage.namespace}",
        kubeconfig=kubeconfig,
    )
    path = f"{stage.plane.binaries.kubectl.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e"],  # noqa: S607 (as a user has it)
        input=script.replace("http://127.0.0.1:8080", stage.live.url),
        env={"PATH": path, "KUBECONFIG": f"{kubeconfig}", "HOME": f"{directory}"},
        text=True,
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout


def layers_on_air(stage: Stage) -> list[str]:
    layers = stage.live.scene("scene-opening", caster=CASTER)["audio"]["layers"]
    return [layer["locationId"] for layer in layers]


def take(stage: Stage, directory: Path) -> None:
    ran(stage, commands("scene-opening/take"), directory)


@pytest.mark.parametrize("goes_along", [True, False])
def test_the_rehearsal_shows_whether_the_audio_goes_along(
    studio: Stage, tmp_path: Path, *, goes_along: bool
) -> None:
    if not goes_along:
        ran(studio, commands("takeAudio"), tmp_path)

    *_, before = ran(studio, commands("kubectl apply"), tmp_path).splitlines()
    take(studio, tmp_path)
    *_, after = ran(studio, commands("after-the-take"), tmp_path).splitlines()

    assert before == '{"followMode":"AudioFollowsVideo"}'
    assert ("RV02" in after) is goes_along
    assert (after != before) is goes_along


def test_a_take_means_what_the_page_says_for_each_way_to_declare_the_programme(
    studio: Stage, tmp_path: Path
) -> None:
    wanted: dict[str, tuple[Body, str, list[str]]] = {
        "correct": ({}, "DriftCorrected", OWN),
        "wait": ({"onAir": "Wait"}, "OnAir", TAKEN),
        "report": ({"drift": "Report"}, "Drifted", TAKEN),
        "observe": ({"mode": "Observe"}, "Observed", TAKEN),
    }
    for name, (way, reason, on_air) in wanted.items():
        studio.live.patch_scene("scene-opening", caster=CASTER, audio=NEVER_SET)
        studio.objects.create(name, **PROGRAMME, **OWN_MIX)
        studio.objects.until_applied(name)
        studio.objects.change(name, **way)
        eventually(partial(is_told, studio, name, generation=1 + bool(way)))

        take(studio, tmp_path)
        studio.objects.until(name, reason)

        assert layers_on_air(studio) == on_air, name
        studio.objects.delete(name)


def is_told(stage: Stage, name: str, *, generation: int) -> bool:
    body = stage.objects.read(name)
    return body is not None and body["status"]["observedGeneration"] == generation


def test_the_example_is_taken_and_the_one_command_ends_the_waiting(
    studio: Stage, tmp_path: Path
) -> None:
    (example,) = re.findall("```yaml\n(.*?)```", PAGE, re.DOTALL)
    ran(studio, f"kubectl apply -f - <<'END'\n{example}END\n", tmp_path)
    studio.objects.until_applied(yaml.safe_load(example)["metadata"]["name"])
    studio.objects.create("opening", onAir="Wait", **PROGRAMME, **OWN_MIX)
    waiting = studio.objects.until("opening", "OnAir")

    ran(studio, commands("kubectl patch csa opening"), tmp_path)
    studio.objects.until_applied("opening")

    assert reason_of(waiting["status"]) == "OnAir"
    assert layers_on_air(studio) == OWN
