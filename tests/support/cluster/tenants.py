"""Namespaces of several tenants, in each of which the operator has its rights by a RoleBinding."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kubernetes import config

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import OPERATOR_NAMESPACE, SERVICE_ACCOUNT, make_ready
from tests.support.cluster.scene_audios import SceneAudios


@dataclass(frozen=True)
class Tenant:
    """One namespace, which may not be there yet, or no longer."""

    plane: ControlPlane
    namespace: str
    objects: SceneAudios

    def create(self) -> None:
        """With the operator's rights in it."""
        self.plane.kubectl("create", "namespace", self.namespace)
        self.grant()

    def grant(self) -> None:
        self.plane.kubectl(
            "create",
            "rolebinding",
            SERVICE_ACCOUNT,
            f"--clusterrole={SERVICE_ACCOUNT}",
            f"--serviceaccount={OPERATOR_NAMESPACE}:{SERVICE_ACCOUNT}",
            f"--namespace={self.namespace}",
        )

    def take_rights(self) -> None:
        self.plane.kubectl("delete", "rolebinding", SERVICE_ACCOUNT, f"-n{self.namespace}")

    def delete(self) -> None:
        """Return when nothing of it is left."""
        self.plane.kubectl("delete", "namespace", self.namespace, "--wait=true")


def make_ready_for_tenants(plane: ControlPlane) -> None:
    """As `make_ready`, but for the cluster as a whole the operator has no rights."""
    make_ready(plane)
    plane.kubectl("delete", "clusterrolebinding", SERVICE_ACCOUNT)


@contextmanager
def tenant(plane: ControlPlane, namespace: str) -> Iterator[Tenant]:
    with config.new_client_from_config(f"{plane.kubeconfig}") as client:
        yield Tenant(plane, namespace, SceneAudios(client, namespace))
