"""What a newcomer applies first is admitted, kept as written, and meant for the demo studio."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from caster_scene_audio.domain.body import spec_from
from caster_scene_audio.domain.spec import SceneAudioSpec
from dev.control_plane.plane import ControlPlane
from live_emulator.studio import demo_scenes
from tests.support.cluster.cluster import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=[each.stem for each in EXAMPLES])


def written(example: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load(example.read_text())
    return manifest


@pytest.mark.control_plane
@each_example
@pytest.mark.parametrize("how", [[], ["--server-side"]], ids=["client-side", "server-side"])
def test_an_example_reads_back_as_it_was_applied(
    crds: ControlPlane, namespace: str, example: Path, how: list[str]
) -> None:
    crds.kubectl("apply", "-n", namespace, "-f", f"{example}", *how)

    stored = json.loads(crds.kubectl("get", "-n", namespace, "-f", f"{example}", "-o", "json"))

    assert stored["spec"] == written(example)["spec"]


@pytest.mark.control_plane
@each_example
def test_an_example_applied_again_changes_nothing(
    crds: ControlPlane, namespace: str, example: Path
) -> None:
    crds.kubectl("apply", "-n", namespace, "-f", f"{example}")

    again = crds.kubectl("apply", "-n", namespace, "-f", f"{example}")
    difference = crds.kubectl("diff", "-n", namespace, "-f", f"{example}")

    assert again.endswith(" unchanged\n")
    assert difference == ""


@each_example
def test_an_example_speaks_of_a_scene_and_locations_of_the_demo_studio(example: Path) -> None:
    spec = spec_from(written(example)["spec"])

    assert isinstance(spec, SceneAudioSpec)
    scenes = {(scene.caster_id, scene.scene_id): scene for scene in demo_scenes()}
    scene = scenes[spec.caster_id, spec.scene_id]
    assert {layer.location_id for layer in spec.layers or ()} <= set(scene.locations or ())


def test_there_is_an_example_that_mixes_and_one_that_follows_the_video() -> None:
    modes = {example.stem: written(example)["spec"]["followMode"] for example in EXAMPLES}

    assert modes == {"interview": "AudioMixing", "opening": "AudioFollowsVideo"}
