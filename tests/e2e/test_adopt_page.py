"""Each command of docs/adopt.md, run as it is written, from a running studio to one that is kept."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.cluster.cluster import ROOT
from tests.support.running.emulator_thread import CASTER
from tests.support.running.operator_process import KEY, PROGRAM
from tests.support.running.stage import Stage

pytestmark = pytest.mark.control_plane

BLOCKS = re.findall("```bash\n(.*?)```", (ROOT / "docs" / "adopt.md").read_text(), re.DOTALL)
MIX = {"followEnable": 0, "layers": [{"locationId": "RV01", "volumeRate": 0.8}]}
UPDATE = "UpdateCasterSceneAudio"


@pytest.fixture
def studio(stage: Stage) -> Stage:
    stage.live.clear_scenes()
    for name in ("Opening", "Interview"):
        stage.live.put_scene(name.lower(), sceneName=name, audio=MIX)
    stage.operator.start()
    return stage


def environment(stage: Stage, directory: Path) -> dict[str, str]:
    config = yaml.safe_load(Path(stage.plane.kubeconfig).read_text())
    config["contexts"][0]["context"]["namespace"] = stage.namespace
    (directory / "kubeconfig").write_text(yaml.safe_dump(config))
    programs = (PROGRAM.parent, stage.plane.binaries.kubectl.parent)
    return {
        **KEY,
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        "CASTER": CASTER,
        "CASTER_SCENE_AUDIO_LIVE_ENDPOINT": stage.live.url,
        "HOME": f"{directory}",
        "KUBECONFIG": f"{directory / 'kubeconfig'}",
        "PATH": os.pathsep.join([*map(str, programs), os.environ["PATH"]]),
    }


def test_the_page_leads_from_a_running_studio_to_one_that_is_kept(
    studio: Stage, tmp_path: Path
) -> None:
    environ = environment(studio, tmp_path)

    for block in BLOCKS:
        ended = subprocess.run(  # noqa: S603 (the commands of our own page)
            ["bash", "-euo", "pipefail", "-c", block],  # noqa: S607
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert ended.returncode == 0, f"{block}{ended.stdout}{ended.stderr}"

    assert len(BLOCKS) == 6
    assert studio.live.calls(action=UPDATE) == []
    assert studio.live.scene("opening")["audio"]["layers"][0]["volumeRate"] == 0.8
    studio.objects.until("opening", "Suspended")
