"""An API server that isn't there, or doesn't know the kind yet, is waited for.

On a control plane of its own, so that no other test feels the outage.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import CRD_NAME, CRDS, RBAC
from tests.support.cluster.scene_audios import scene_of
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane


@pytest.fixture(scope="module")
def own_plane(control_plane: ControlPlane) -> Iterator[ControlPlane]:
    """With the operator's account, and without the CRD."""
    with ControlPlane(control_plane.binaries) as plane:
        plane.kubectl("apply", "-f", f"{RBAC}")
        yield plane


@pytest.fixture
def own_stage(own_plane: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    with set_stage(own_plane, tmp_path) as made:
        yield made


def install_crd(stage: Stage) -> None:
    """Return once objects of the kind can be made."""
    stage.plane.kubectl("apply", "-f", f"{CRDS}")
    eventually(stage.objects.are_served)


def test_without_the_crd_the_operator_says_what_it_waits_for_and_then_serves(
    own_stage: Stage,
) -> None:
    own_stage.plane.kubectl("delete", "crd", CRD_NAME, "--ignore-not-found")

    own_stage.operator.launch()
    eventually(lambda: own_stage.operator.has_said("Waiting for the CustomResourceDefinition"))
    install_crd(own_stage)
    own_stage.objects.create("show")
    own_stage.objects.until_applied("show")

    waiting = own_stage.operator.log_lines[0]
    assert "castersceneaudios.live.alibabacloud.com is not installed" in waiting["error"]
    assert own_stage.operator.stop() == 0


def test_a_stop_while_the_crd_is_waited_for_is_orderly(own_stage: Stage) -> None:
    own_stage.plane.kubectl("delete", "crd", CRD_NAME, "--ignore-not-found")

    own_stage.operator.launch()
    eventually(lambda: own_stage.operator.has_said("Waiting for the CustomResourceDefinition"))

    assert own_stage.operator.stop() == 0


def test_an_outage_of_the_api_server_costs_no_call_and_no_report(own_stage: Stage) -> None:
    install_crd(own_stage)
    objects, live, operator = own_stage.objects, own_stage.live, own_stage.operator
    operator.start()
    objects.create("done")
    objects.until_applied("done")
    live.fail(scene_of("show"), kind="hang", delaySeconds=None)
    objects.create("show")
    call = live.call_in_flight(scene_of("show"))

    own_stage.plane.stop_api_server()
    live.clear_faults()
    eventually(lambda: operator.has_said("Status not written; it is tried again"))
    own_stage.plane.start_api_server()
    reported = objects.until_applied("show")
    objects.change("done", followMode="AudioFollowsVideo")
    objects.create("later")
    objects.until_applied("done", within_s=60)
    objects.until_applied("later")

    assert reported["status"]["requestId"] == call["requestId"]
    assert len(live.calls(scene_of("show"))) == 1
    assert len(live.calls(scene_of("done"))) == 2
    assert operator.stop() == 0
