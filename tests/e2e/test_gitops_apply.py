"""After a sync there is no difference: what was applied reads back as it was written.

Each example is applied as GitOps tools do it, with their marks, and served by the operator.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.control_plane.plane import ControlPlane
from live_emulator.dials import DESCRIBE_AUDIO
from tests.support.cluster.cluster import ROOT
from tests.support.cluster.scene_audios import Body
from tests.support.running.declared import EACH_SECOND
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
WAYS = {
    "client-side": (),
    "server-side": ("--server-side", "--field-manager=argocd-controller", "--force-conflicts"),
}
LABELS = {"app.kubernetes.io/instance": "studio-audio"}
ANNOTATIONS = {
    "argocd.argoproj.io/tracking-id": "studio-audio:live.alibabacloud.com/CasterSceneAudio:studio/x"
}
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""Of a client-side apply; no tool takes it for a difference."""


@dataclass
class Sync:
    """One example, applied and served."""

    wanted: Body
    way: tuple[str, ...]
    stage: Stage
    live: Body = field(default_factory=dict)

    def apply(self) -> None:
        self.stage.plane.kubectl(
            "apply",
            *self.way,
            "-n",
            self.stage.namespace,
            "-f",
            "-",
            stdin=json.dumps(self.wanted),
        )

    def read(self) -> Body:
        body = self.stage.objects.read(self.wanted["metadata"]["name"])
        assert body is not None
        return body

    def until_read_back(self) -> None:
        scene = self.wanted["spec"]["sceneId"]
        calls = self.stage.live.calls
        before = len(calls(scene, action=DESCRIBE_AUDIO))
        eventually(lambda: len(calls(scene, action=DESCRIBE_AUDIO)) > before + 1)

    def difference(self) -> str:
        """As the API server sees it; kubectl fails where there is one."""
        return self.stage.plane.kubectl(
            "diff",
            "--server-side",
            "--force-conflicts",
            "--field-manager=argocd-controller",
            "-n",
            self.stage.namespace,
            "-f",
            "-",
            stdin=json.dumps(self.wanted),
        )


@pytest.fixture(scope="module", params=WAYS)
def served(
    request: pytest.FixtureRequest,
    crds: ControlPlane,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Sync]]:
    """Each example by its file's name, in a namespace for each way."""
    with set_stage(crds, tmp_path_factory.mktemp("apply")) as stage:
        stage.operator.flags = EACH_SECOND
        stage.operator.start()
        syncs = {
            each.stem: Sync(wanted=marked(each), way=WAYS[request.param], stage=stage)
            for each in EXAMPLES
        }
        for sync in syncs.values():
            sync.apply()
        for sync in syncs.values():
            stage.objects.until_applied(sync.wanted["metadata"]["name"])
            sync.until_read_back()
            sync.live = sync.read()
        yield syncs


def marked(example: Path) -> Body:
    """With what a GitOps tool adds to what it finds in Git."""
    manifest: Body = yaml.safe_load(example.read_text())
    manifest["metadata"] |= {"labels": LABELS, "annotations": ANNOTATIONS}
    return manifest


each_example = pytest.mark.parametrize("example", [each.stem for each in EXAMPLES])


@each_example
def test_what_was_applied_reads_back_equal(served: dict[str, Sync], example: str) -> None:
    sync = served[example]

    live: dict[str, Any] = sync.live["metadata"]
    annotations = {
        name: value for name, value in live["annotations"].items() if name != LAST_APPLIED
    }
    assert sync.live["spec"] == sync.wanted["spec"]
    assert live["labels"] == LABELS
    assert annotations == ANNOTATIONS
    assert not {"finalizers", "ownerReferences"} & live.keys()


@each_example
def test_applying_it_again_writes_nothing(served: dict[str, Sync], example: str) -> None:
    sync = served[example]

    sync.apply()

    assert sync.read() == sync.live
    assert sync.live["metadata"]["generation"] == 1


@each_example
def test_the_api_server_sees_no_difference_for_argo_cd(
    served: dict[str, Sync], example: str
) -> None:
    assert served[example].difference() == ""


@each_example
def test_the_operator_owns_nothing_but_the_status(served: dict[str, Sync], example: str) -> None:
    managers = served[example].live["metadata"]["managedFields"]

    owned = [each for each in managers if each["manager"] == "caster-scene-audio-operator"]

    assert {each["subresource"] for each in owned} == {"status"}
    assert {key for each in owned for key in each["fieldsV1"]} == {"f:status"}
