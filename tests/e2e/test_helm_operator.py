"""The operator as the chart would run it: its ServiceAccount, its arguments, its environment."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.chart.chart_pod import ChartPod
from tests.support.chart.helm_release import NAME, Release
from tests.support.cluster.audit_log import AuditLog
from tests.support.cluster.key_secrets import KeySecrets
from tests.support.cluster.scene_audios import SceneAudios, scene_of
from tests.support.running.emulator_thread import LiveService, live_service
from tests.support.running.operator_process import ACCESS_KEY_ID, ACCESS_KEY_SECRET
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

OWN_KEY = "own-key"
STUDIO_KEY = "studio-key"
PATIENCE_S = 60
"""Two operators start, and one takes over: on a busy machine that can take its time."""


@pytest.fixture
def live() -> Iterator[LiveService]:
    with live_service() as service:
        service.put_key("studio", secret="a-studios-own", account="studio")
        yield service


@pytest.fixture
def elsewhere(release: Release) -> Iterator[SceneAudios]:
    """The objects of a namespace that isn't the release's."""
    namespace = f"elsewhere-{secrets.token_hex(4)}"
    release.plane.kubectl("create", "namespace", namespace)
    KeySecrets(release.client, namespace).create(STUDIO_KEY, "studio", "a-studios-own")
    yield SceneAudios(release.client, namespace)
    release.plane.kubectl("delete", "namespace", namespace, "--wait=false")


@pytest.fixture
def flags(release: Release, live: LiveService) -> list[str]:
    KeySecrets(release.client, release.namespace).create(OWN_KEY, ACCESS_KEY_ID, ACCESS_KEY_SECRET)
    return [
        f"--set=settings.liveEndpoint={live.url}",
        "--set=settings.logFormat=json",
        f"--set=credentials.existingSecret={OWN_KEY}",
    ]


@pytest.fixture
def pods(release: Release, tmp_path: Path) -> Iterator[list[ChartPod]]:
    """As many as there are replicas by default."""
    found = [ChartPod(release, tmp_path / name) for name in ("one", "other")]
    with ExitStack() as stack:
        for pod in found:
            stack.callback(pod.end)
        yield found


def refusals(release: Release) -> list[str]:
    user = f"system:serviceaccount:{release.namespace}:{NAME}"
    return AuditLog(release.plane.audit_log).refusals(user)


def test_an_upgrade_changes_what_the_values_say_and_a_rollback_undoes_it(release: Release) -> None:
    release.apply()
    before = release.deployment()["spec"]

    release.apply("--set=replicaCount=3", "--set=settings.interval=1h")
    changed = release.deployment()["spec"]
    release.roll_back(1)

    (container,) = changed["template"]["spec"]["containers"]
    assert changed["replicas"] == 3
    assert container["args"][container["args"].index("--interval") + 1] == "1h"
    assert release.deployment()["spec"] == before


def test_one_replica_serves_the_whole_cluster_and_hands_over_to_the_other(
    release: Release,
    flags: list[str],
    pods: list[ChartPod],
    elsewhere: SceneAudios,
    live: LiveService,
) -> None:
    release.apply(*flags)
    assert release.deployment()["spec"]["replicas"] == len(pods)
    for pod in pods:
        pod.process.launch()
    for pod in pods:
        eventually(pod.is_well, within_s=PATIENCE_S)
    release.objects.create("own")
    elsewhere.create("theirs", credentialsSecretRef={"name": STUDIO_KEY})
    release.objects.until_applied("own", within_s=PATIENCE_S)
    elsewhere.until_applied("theirs")

    leader, other = sorted(pods, key=lambda pod: not pod.process.has_said("Serving"))
    assert not other.process.has_said("Serving")
    assert leader.process.stop() == 0
    release.objects.change("own", followMode="AudioFollowsVideo")
    release.objects.until_applied("own", within_s=PATIENCE_S)

    assert other.process.has_said("Serving")
    assert len(live.calls(scene_of("own"))) == 2
    assert [call["account"] for call in live.calls(scene_of("theirs"))] == ["studio"]
    assert refusals(release) == []


@pytest.mark.parametrize("helm", ["helm4"], indirect=True)
def test_with_rights_in_named_namespaces_alone_it_serves_these_and_asks_for_no_other(
    release: Release, flags: list[str], pods: list[ChartPod], elsewhere: SceneAudios
) -> None:
    unserved = SceneAudios(release.client, "default")
    watched = f"--set=watchNamespaces={{{release.namespace},{elsewhere.namespace}}}"
    release.apply(*flags, watched)
    pods[0].process.start()
    unserved.create("unserved")

    elsewhere.create("theirs", credentialsSecretRef={"name": STUDIO_KEY})
    release.objects.create("own")
    elsewhere.until_applied("theirs")
    release.objects.until_applied("own")
    release.objects.settle()

    body = unserved.read("unserved")
    assert body is not None
    assert body["status"] == {"observedGeneration": -1}
    assert refusals(release) == []
    for kind in ("clusterrole", "clusterrolebinding"):
        assert not release.plane.kubectl("get", kind, NAME, "--ignore-not-found")
