"""All that a test of the operator plays on: a namespace, an emulator and an operator for it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kubernetes import config
from kubernetes.client import CoreV1Api

from dev.control_plane.plane import ControlPlane
from live_emulator.settings import Settings
from tests.support.audit_log import AuditLog, Write
from tests.support.cluster import OPERATOR_NAMESPACE, SERVICE_ACCOUNT
from tests.support.emulator_thread import ANY_SCENE, LiveService, live_service
from tests.support.operator_process import ACCESS_KEY_SECRET, OperatorProcess
from tests.support.scene_audios import SceneAudios


@dataclass(frozen=True, kw_only=True)
class Stage:
    plane: ControlPlane
    namespace: str
    objects: SceneAudios
    live: LiveService
    operator: OperatorProcess

    def operator_writes(self) -> list[Write]:
        """What the operator wrote to the API server, in the order in which it was answered."""
        return AuditLog(self.plane.audit_log).operator_writes(self.namespace)


@cache
def operators_kubeconfig(plane: ControlPlane) -> Path:
    """Of its ServiceAccount; one token lasts for all tests on the control plane."""
    return plane.kubeconfig_for(SERVICE_ACCOUNT, OPERATOR_NAMESPACE)


@contextmanager
def set_stage(
    plane: ControlPlane, directory: Path, *, emulator: Settings = ANY_SCENE
) -> Iterator[Stage]:
    """The operator is not started yet; it is ended with the rest."""
    namespace = f"operator-{secrets.token_hex(4)}"
    with (
        config.new_client_from_config(f"{plane.kubeconfig}") as client,
        live_service(emulator) as live,
    ):
        core = CoreV1Api(client)
        core.create_namespace({"metadata": {"name": namespace}})
        operator = OperatorProcess(
            kubeconfig=operators_kubeconfig(plane),
            live_endpoint=live.url,
            namespace=namespace,
            directory=directory,
        )
        try:
            yield Stage(
                plane=plane,
                namespace=namespace,
                objects=SceneAudios(client, namespace),
                live=live,
                operator=operator,
            )
        finally:
            live.clear_faults()
            operator.end()
            core.delete_namespace(namespace)
    assert ACCESS_KEY_SECRET not in operator.log
