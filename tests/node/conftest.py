"""One release for all tests, in the cluster that `make e2e` brings up."""

import os
import secrets
import shlex
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from kubernetes import config
from kubernetes.client import CoreV1Api

from dev.control_plane.binaries import find_binaries
from dev.helm.command import Helm
from dev.kubectl import Kubectl
from dev.progress import silence
from tests.support.chart.inside import Inside
from tests.support.chart.port_forward import forwarded
from tests.support.chart.release import NAME, NAMESPACE, Release
from tests.support.cluster.cluster import CRD_NAME
from tests.support.cluster.scene_audios import SceneAudios
from tests.support.cluster.troubleshooting import answers
from tests.support.running.emulator_thread import LiveService

ORDER = ("image", "installation", "objects", "failover", "rolling_update", "readiness", "uninstall")
"""What is asked of a quiet release comes before what shakes it."""
KUBECTL = pytest.StashKey[Kubectl]()
RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: ORDER.index(item.path.stem.removeprefix("test_")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that failed shows how the cluster was at that moment."""
    report = yield
    if report.failed and KUBECTL in item.config.stash:
        report.sections.extend(answers(item.config.stash[KUBECTL]))
    return report


@pytest.fixture(scope="session")
def kubectl(pytestconfig: pytest.Config) -> Kubectl:
    made = Kubectl(find_binaries(say=silence).kubectl, Path(_named("E2E_KUBECONFIG")))
    pytestconfig.stash[KUBECTL] = made
    return made


@pytest.fixture(scope="session")
def inside() -> Inside:
    return Inside(tuple(shlex.split(_named("E2E_EXEC"))))


@pytest.fixture(scope="session")
def restricted_namespace(kubectl: Kubectl) -> Iterator[str]:
    """For the release; it goes with all that the tests have made in the cluster."""
    assert not kubectl("get", "crd", CRD_NAME, "--ignore-not-found"), (
        "The cluster has CasterSceneAudio already: the tests want one of their own."
    )
    kubectl("create", "namespace", NAMESPACE)
    try:
        kubectl("label", "namespace", NAMESPACE, RESTRICTED)
        yield NAMESPACE
    finally:
        kubectl("delete", "namespace", NAMESPACE, timeout_s=120)
        kubectl("delete", "crd", CRD_NAME, "--ignore-not-found")


@pytest.fixture(scope="session")
def first_release(kubectl: Kubectl, helm4: Helm, restricted_namespace: str) -> Iterator[Release]:
    made = Release(kubectl, helm4.on(kubectl.kubeconfig))
    made.install()
    yield made
    made.uninstall()


@pytest.fixture
def release(first_release: Release) -> Release:
    """As a test finds it: whole, whatever the one before has done to it."""
    first_release.until_whole()
    return first_release


@pytest.fixture
def live(release: Release) -> Iterator[LiveService]:
    """The emulator of the release, which has forgotten what came before."""
    service = f"service/{NAME}-emulator"
    with forwarded(release.kubectl, service, namespace=NAMESPACE, port=8080) as made:
        made.forget_calls()
        made.turn(latencyMs=0)
        yield made


@pytest.fixture
def objects(release: Release) -> Iterator[SceneAudios]:
    """In a namespace of the test's own; their scenes are free again after it."""
    namespace = f"studio-{secrets.token_hex(4)}"
    with config.new_client_from_config(f"{release.kubectl.kubeconfig}") as client:
        core = CoreV1Api(client)
        core.create_namespace({"metadata": {"name": namespace}})
        yield SceneAudios(client, namespace)
        release.kubectl("delete", "csa", "--all", f"--namespace={namespace}")
        core.delete_namespace(namespace)


def _named(variable: str) -> str:
    if value := os.environ.get(variable):
        return value
    pytest.exit(
        f"{variable} is not set: `make e2e` brings up a cluster and runs these tests in it.",
        returncode=pytest.ExitCode.USAGE_ERROR,
    )
