"""The operator reads the Secrets that the chart's values let it read, and no others."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.chart.chart_pod import ChartPod
from tests.support.chart.helm_release import Release
from tests.support.cluster.key_secrets import KeySecrets
from tests.support.cluster.scene_audios import SceneAudios
from tests.support.running.emulator_thread import LiveService, live_service
from tests.support.tools.patience import eventually

pytestmark = [
    pytest.mark.control_plane,
    pytest.mark.parametrize("helm", ["helm4"], indirect=True),
]

MISSING_RIGHT = "CredentialsUnavailable"


@pytest.fixture
def live() -> Iterator[LiveService]:
    with live_service() as service:
        service.put_key("studio", secret="a-studios-own")
        yield service


@pytest.fixture
def flags(live: LiveService) -> tuple[str, ...]:
    return f"--set=settings.liveEndpoint={live.url}", "--set=settings.logFormat=json"


@pytest.fixture
def pod(release: Release, tmp_path: Path) -> Iterator[ChartPod]:
    found = ChartPod(release, tmp_path / "pod")
    yield found
    found.end()


@pytest.fixture
def elsewhere(release: Release) -> Iterator[SceneAudios]:
    """The objects of a namespace that isn't the release's."""
    namespace = f"elsewhere-{secrets.token_hex(4)}"
    release.plane.kubectl("create", "namespace", namespace)
    yield SceneAudios(release.client, namespace)
    release.plane.kubectl("delete", "namespace", namespace, "--wait=false")


def with_key(release: Release, objects: SceneAudios, name: str, *, secret: str) -> None:
    """An object, and the Secret that it names."""
    KeySecrets(release.client, objects.namespace).create(secret, "studio", "a-studios-own")
    objects.create(name, credentialsSecretRef={"name": secret})


def until_refused(objects: SceneAudios, name: str) -> None:
    eventually(lambda: objects.reasons()[name] == MISSING_RIGHT)


@pytest.mark.provokes_refusal("get secrets release-*/another-key")
def test_those_of_a_name_that_the_values_give(
    release: Release, pod: ChartPod, flags: tuple[str, ...]
) -> None:
    named = "--set=rbac.secrets.resourceNames={studio-key}"
    release.apply(*flags, named)
    with_key(release, release.objects, "named", secret="studio-key")
    with_key(release, release.objects, "unnamed", secret="another-key")

    pod.process.start()

    release.objects.until_applied("named")
    until_refused(release.objects, "unnamed")


@pytest.mark.provokes_refusal("get secrets release-*/studio-key")
def test_those_of_a_namespace_that_the_values_give(
    release: Release, pod: ChartPod, flags: tuple[str, ...], elsewhere: SceneAudios
) -> None:
    there = f"--set=rbac.secrets.namespaces={{{elsewhere.namespace}}}"
    release.apply(*flags, there)
    with_key(release, elsewhere, "named", secret="studio-key")
    with_key(release, release.objects, "unnamed", secret="studio-key")

    pod.process.start()

    elsewhere.until_applied("named")
    until_refused(release.objects, "unnamed")


@pytest.mark.provokes_refusal("get secrets release-*/studio-key")
def test_none_where_the_values_forbid_it(
    release: Release, pod: ChartPod, flags: tuple[str, ...]
) -> None:
    release.apply(*flags, "--set=rbac.secrets.enabled=false")
    with_key(release, release.objects, "named", secret="studio-key")

    pod.process.start()

    until_refused(release.objects, "named")
