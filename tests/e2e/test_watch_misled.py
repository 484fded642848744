"""What misleads a watch is noticed and mended by the process that met it, without a restart.

On control planes of their own, without probes: nobody but the operator itself notices here.
"""

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.control_plane.kubeconfig import write_private
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import (
    CRD_NAME,
    CRDS,
    OPERATOR_NAMESPACE,
    SERVICE_ACCOUNT,
    make_ready,
)
from tests.support.cluster.relay import relay_to
from tests.support.cluster.scene_audios import scene_of
from tests.support.live.loop_thread import in_a_thread
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

NOTICED_WITHIN_S = 60
CANT = "A namespace can't be watched"
BROKEN_SWEEP = """
import caster_scene_audio.watch.sweep as sweep

async def run(self):
    raise ZeroDivisionError("the sweep is broken")

sweep.Sweep.run = run
"""


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
        lambda: own_stage.operator.has_said(CANT),
        within_s=NOTICED_WITHIN_S,
    )
    plane.kubeconfig_for(SERVICE_ACCOUNT, OPERATOR_NAMESPACE)
    own_stage.objects.create("after")
    own_stage.objects.until_applied("after", within_s=90)

    assert own_stage.operator.stop() == 0


def test_connections_that_are_dead_without_a_sign_are_left_for_new_ones(
    own_stage: Stage, tmp_path: Path
) -> None:
    """As a firewall leaves them that has forgotten them."""
    port = int(own_stage.plane.server.rpartition(":")[2])
    with in_a_thread(lambda: relay_to(port)) as relay:
        kubeconfig = own_stage.operator.kubeconfig.read_text()
        through = re.sub(rf":{port}\b", f":{relay.port}", kubeconfig)
        own_stage.operator.kubeconfig = write_private(tmp_path / "through-relay", through)
        serve_one(own_stage)

        relay.strand()
        own_stage.objects.create("after")
        own_stage.objects.until_applied("after", within_s=NOTICED_WITHIN_S)

        assert own_stage.operator.log.count('"message": "Serving"') == 1
        assert own_stage.operator.stop() == 0


def test_an_api_server_that_has_lost_its_etcd_is_noticed_though_its_watch_goes_on(
    own_stage: Stage,
) -> None:
    serve_one(own_stage)

    own_stage.plane.signal_etcd(signal.SIGSTOP)
    try:
        eventually(lambda: own_stage.operator.has_said(CANT), within_s=NOTICED_WITHIN_S)
    finally:
        own_stage.plane.signal_etcd(signal.SIGCONT)
    eventually(lambda: own_stage.operator.has_said("A namespace is watched again"), within_s=60)
    own_stage.objects.create("after")
    own_stage.objects.until_applied("after")

    assert own_stage.operator.stop() == 0


def test_a_part_that_ends_by_a_defect_ends_the_process(own_stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BROKEN_SWEEP)
    own_stage.operator.environ = {**own_stage.operator.environ, "PYTHONPATH": f"{tmp_path}"}

    own_stage.operator.launch()
    code = own_stage.operator.ended()

    assert code == 1
    assert own_stage.operator.has_said("A defect ended the process")
    assert "the sweep is broken" in own_stage.operator.log
