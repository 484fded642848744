"""The operator as a process, with a kubeconfig and an environment that ask something of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.support.cluster.kubeconfigs import Folder
from tests.support.live.connect_proxy import ConnectProxy, connect_proxy
from tests.support.live.loop_thread import in_a_thread
from tests.support.running.operator_process import KEY
from tests.support.running.stage import Stage, operators_kubeconfig

pytestmark = pytest.mark.control_plane

NAME = "kubernetes"


@pytest.fixture
def folder(stage: Stage, tmp_path: Path) -> Folder:
    return Folder(stage.plane, tmp_path)


@pytest.fixture
def proxy(folder: Folder) -> Iterator[ConnectProxy]:
    with in_a_thread(lambda: connect_proxy(folder.port)) as running:
        yield running


def its_user(stage: Stage) -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(operators_kubeconfig(stage.plane).read_text())["users"][
        0
    ]["user"]
    return found


def sees_changes(stage: Stage) -> None:
    """An object that was there before is found by listing, its change by watching."""
    stage.objects.create("show")
    stage.operator.start()
    stage.objects.until_applied("show")
    stage.objects.change("show", followMode="AudioFollowsVideo")
    stage.objects.until_applied("show")


def test_with_a_server_s_name_in_tls_it_lists_and_watches(stage: Stage, folder: Folder) -> None:
    stage.operator.kubeconfig = folder.write(
        its_user(stage), server=f"https://0.0.0.0:{folder.port}", tls_server_name=NAME
    )

    sees_changes(stage)


def test_through_the_proxy_of_the_environment_it_lists_and_watches(
    stage: Stage, folder: Folder, proxy: ConnectProxy
) -> None:
    stage.operator.kubeconfig = folder.write(its_user(stage), server=f"https://{NAME}:6443")
    stage.operator.environ = KEY | {"HTTPS_PROXY": proxy.url}

    sees_changes(stage)

    assert set(proxy.hosts) == {f"{NAME}:6443"}


def test_what_it_does_not_support_ends_it_at_the_start_with_words(
    stage: Stage, folder: Folder
) -> None:
    stage.operator.kubeconfig = folder.write({"auth-provider": {"name": "oidc"}})

    stage.operator.launch()

    assert stage.operator.ended() == 1
    (told,) = stage.operator.log_lines
    assert told["message"] == "No way to the API server; set KUBECONFIG"
    assert "auth-provider isn't supported" in told["error"]
