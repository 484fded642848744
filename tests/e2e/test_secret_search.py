"""What ends a run of the tests sees logs, statuses and Events: a secret planted there fails it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kubernetes import config
from kubernetes.client import EventsV1Api

from dev.control_plane.plane import ControlPlane
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.secret_search import SecretSearch

pytestmark = pytest.mark.control_plane

PLANTED = "a-secret-that-was-planted"


def in_a_log(stage: Stage) -> None:
    (stage.operator.directory / "operator.log").write_text(f'{{"message": "{PLANTED}"}}\n')


def in_a_status(stage: Stage) -> None:
    stage.objects.create("show")
    stage.objects.patch_status("show", {"observedGeneration": 1, "requestId": PLANTED})


def in_an_event(stage: Stage) -> None:
    event = {
        "metadata": {"name": "show.1"},
        "eventTime": datetime.now(UTC).isoformat(),
        "action": "Apply",
        "note": PLANTED,
        "reason": "Applied",
        "type": "Normal",
        "regarding": {"kind": "CasterSceneAudio", "name": "show", "namespace": stage.namespace},
        "reportingController": "a-test",
        "reportingInstance": "a-test",
    }
    with config.new_client_from_config(f"{stage.plane.kubeconfig}") as client:
        EventsV1Api(client).create_namespaced_event(stage.namespace, event)


@pytest.mark.parametrize("plant", [in_a_log, in_a_status, in_an_event])
def test_a_secret_that_is_planted_fails_the_run(
    crds: ControlPlane, tmp_path: Path, plant: Callable[[Stage], None]
) -> None:
    search = SecretSearch()
    search.keep_out("the planted one", PLANTED)

    with set_stage(crds, tmp_path, search=search) as stage:
        plant(stage)

    with pytest.raises(AssertionError, match=f"the planted one in .* {stage.namespace}"):
        search.check()


def test_a_run_without_one_passes(crds: ControlPlane, tmp_path: Path) -> None:
    search = SecretSearch()
    search.keep_out("one that is not planted", PLANTED)

    with set_stage(crds, tmp_path, search=search) as stage:
        stage.objects.create("show")

    search.check()
