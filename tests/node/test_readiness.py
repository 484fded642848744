"""A pod that is cut off from the API server says so, and comes back with it."""

import pytest

from dev.kubectl import Kubectl
from tests.support.chart.inside import Inside
from tests.support.chart.release import Pod, Release
from tests.support.cluster.scene_audios import SceneAudios, scene_of
from tests.support.running.emulator_thread import LiveService
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.timeout(400)

UNREADY_WITHIN_S = 120
"""A request that nobody answers is given up after some time, and a probe must fail three times."""

ALONE = (
    "--set=replicaCount=1",
    "--set=leaderElection.enabled=false",
    "--set=settings.watchSilence=20s",
)
TOGETHER = (
    "--set=replicaCount=2",
    "--set=leaderElection.enabled=true",
    "--set=settings.watchSilence=3m",
)


@pytest.fixture
def api_server(kubectl: Kubectl) -> str:
    """The address by which pods know it."""
    spec = kubectl.json("get", "service", "kubernetes", "--namespace=default")["spec"]
    return f"{spec['clusterIP']}"


def now(release: Release, pod: Pod) -> Pod:
    [found] = [each for each in release.pods("operator") if each.uid == pod.uid]
    return found


def test_a_standby_without_the_api_server_is_not_ready_and_not_restarted(
    release: Release, inside: Inside, api_server: str
) -> None:
    leader, standby = release.leader(), release.standby()
    with inside.cut_off(standby.uid, address=api_server):
        eventually(lambda: not now(release, standby).ready, within_s=UNREADY_WITHIN_S)
        assert release.leader() == leader
    release.until_whole()

    assert now(release, standby).restarts == standby.restarts
    assert now(release, leader) == leader


def test_a_leader_without_the_api_server_is_not_ready_and_another_takes_over(
    release: Release, objects: SceneAudios, live: LiveService, inside: Inside, api_server: str
) -> None:
    leader = release.leader()
    with inside.cut_off(leader.uid, address=api_server):
        eventually(lambda: not now(release, leader).ready, within_s=UNREADY_WITHIN_S)
        eventually(lambda: not release.lease().is_held_by(leader), within_s=60)
        other = release.leader()
        objects.create("meanwhile")
        objects.until_applied("meanwhile")
        assert not now(release, leader).ready
    release.until_whole()

    assert other.uid != leader.uid
    assert release.leader().uid == other.uid
    assert len(live.calls(scene_of("meanwhile"))) == 1


def test_an_operator_whose_watch_is_dead_is_not_ready_and_then_restarted(
    release: Release, inside: Inside, api_server: str
) -> None:
    release.upgrade(*ALONE)
    [alone] = release.operators()
    with inside.cut_off(alone.uid, address=api_server):
        unready = eventually(
            lambda: None if (pod := now(release, alone)).ready else pod, within_s=UNREADY_WITHIN_S
        )
        restarted = eventually(
            lambda: pod if (pod := now(release, alone)).restarts else None, within_s=120
        )
        assert not restarted.ready
    eventually(lambda: now(release, alone).ready, within_s=60)
    release.upgrade(*TOGETHER)
    release.until_whole()

    assert alone.restarts == unready.restarts == 0
    assert restarted.restarts == 1
