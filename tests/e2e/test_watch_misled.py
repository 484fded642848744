"""What misleads a watch is noticed and mended by the process that met it, without a restart.

On control planes of their own, without probes: nobody but the operator itself notices here.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import (
    CRD_NAME,
    CRDS,
    OPERATOR_NAMESPACE,
    SERVICE_ACCOUNT,
    make_ready,
)
from tests.support.cluster.scene_audios import scene_of
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

NOTICED_WITHIN_S = 60


@pytest.fixture
def own_stage(control_plane: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    with ControlPlane(control_plane.binaries) as plane:
        make_ready(plane)
        with set_stage(plane, tmp_path) as made:
            yield made


def serve_one(stage: Stage) -> None:
    stage.operator.start()
    stage.objects.create("before")
    stage.objects.until_applied("before")


def test_a_definition_that_is_deleted_and_made_again_brings_its_new_objects(
    own_stage: Stage,
) -> None:
    serve_one(own_stage)

    own_stage.plane.kubectl("delete", "crd", CRD_NAME)
    eventually(lambda: not own_stage.objects.are_served())
    time.sleep(5)  # so that what looks at once finds nothing
    own_stage.plane.kubectl("apply", "-f", f"{CRDS}")
    eventually(own_stage.objects.are_served)
    own_stage.objects.create("after")
    own_stage.objects.until_applied("after", within_s=NOTICED_WITHIN_S)

    assert own_stage.operator.log.count('"message": "Serving"') == 1
    assert own_stage.operator.stop() == 0


def test_an_etcd_that_is_restored_from_a_backup_takes_the_watch_back_with_it(
    own_stage: Stage,
) -> None:
    serve_one(own_stage)
    backup = own_stage.plane.back_up()
    own_stage.objects.create_all([f"lost-{number}" for number in range(40)])
    own_stage.objects.until_all_applied()

    own_stage.plane.restore(backup)
    own_stage.objects.change("before", followMode="AudioFollowsVideo")
    own_stage.objects.until_applied("before", within_s=NOTICED_WITHIN_S)
    own_stage.objects.create("heir", sceneId=scene_of("lost-1"))
    own_stage.objects.until_applied("heir", within_s=NOTICED_WITHIN_S)

    assert len(own_stage.live.calls(scene_of("before"))) == 2
    assert own_stage.operator.stop() == 0


def test_a_token_that_is_no_longer_taken_is_replaced_by_the_one_that_the_file_has_then(
    own_stage: Stage,
) -> None:
    plane = own_stage.plane
    serve_one(own_stage)

    plane.kubectl("delete", "serviceaccount", SERVICE_ACCOUNT, f"-n{OPERATOR_NAMESPACE}")
    plane.kubectl("create", "serviceaccount", SERVICE_ACCOUNT, f"-n{OPERATOR_NAMESPACE}")
    eventually(
        lambda: own_stage.operator.has_said("A namespace can't be watched"),
        within_s=NOTICED_WITHIN_S,
    )
    plane.kubeconfig_for(SERVICE_ACCOUNT, OPERATOR_NAMESPACE)
    own_stage.objects.create("after")
    own_stage.objects.until_applied("after", within_s=90)

    assert own_stage.operator.stop() == 0
