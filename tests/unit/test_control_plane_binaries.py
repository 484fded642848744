"""Where the control plane's binaries come from, with fake tools on the PATH."""

from pathlib import Path

import pytest

from dev.control_plane.binaries import Binaries, find_binaries
from dev.control_plane.go_module import kubernetes_version
from dev.go_programs.failure import NoBinariesError
from tests.support.tools.go_machine import NEW_GO, GoMachine


class Machine(GoMachine):
    def has_assets(self, *names: str) -> None:
        for name in names:
            self.has(name, "echo Kubernetes v1.35.7", folder="assets")
        self.environment["KUBEBUILDER_ASSETS"] = f"{self.home / 'assets'}"

    def find(self) -> Binaries:
        return find_binaries(self.environment, say=self.said.append, python=self.python)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_named_folder_comes_before_a_build(machine: Machine) -> None:
    machine.has("go", NEW_GO)
    machine.has_assets("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")

    binaries = machine.find()

    folder = machine.home / "assets"
    assert binaries.etcd == folder / "etcd"
    assert binaries.kube_apiserver == folder / "kube-apiserver"
    assert binaries.kube_controller_manager == folder / "kube-controller-manager"
    assert binaries.kubectl == folder / "kubectl"
    assert binaries.kubernetes_version == "v1.35.7"
    assert machine.builds == []


def test_a_named_folder_is_completed_from_the_path_and_what_lacks_is_told(machine: Machine) -> None:
    kubectl = machine.has("kubectl")
    machine.has_assets("etcd", "kube-apiserver")

    binaries = machine.find()

    assert binaries.kubectl == kubectl
    assert binaries.kube_controller_manager is None
    assert "There is no kube-controller-manager" in machine.said[0]


def test_a_named_folder_without_an_api_server_is_refused_by_name(machine: Machine) -> None:
    machine.has_assets("etcd")

    with pytest.raises(NoBinariesError, match="no executable kube-apiserver in it"):
        machine.find()


def test_a_named_folder_without_any_kubectl_is_refused(machine: Machine) -> None:
    machine.has_assets("etcd", "kube-apiserver")
    machine.environment["PATH"] = f"{machine.home / 'nowhere'}"

    with pytest.raises(NoBinariesError, match="no kubectl"):
        machine.find()


def test_without_a_named_folder_all_components_are_built_as_one_binary(machine: Machine) -> None:
    machine.has("go", NEW_GO)

    binaries = machine.find()

    assert binaries.kube_apiserver.parent.parent.name == "control-plane"
    assert binaries.etcd.resolve() == binaries.kubectl.resolve()
    assert binaries.kubernetes_version == kubernetes_version()
    assert f"gitVersion={kubernetes_version()}" in machine.builds[0]
    assert "5 to 10 minutes" in machine.said[0]
