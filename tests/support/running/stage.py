"""All that a test of the operator plays on: a namespace, an emulator and an operator for it."""

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kubernetes import config
from kubernetes.client import CoreV1Api

from dev.control_plane.plane import ControlPlane
from live_emulator.settings import Settings
from tests.support.cluster.audit_log import AuditLog, Write
from tests.support.cluster.cluster import CRD_NAME, OPERATOR_NAMESPACE, SERVICE_ACCOUNT
from tests.support.cluster.key_secrets import KeySecrets
from tests.support.cluster.scene_audios import SceneAudios
from tests.support.running.emulator_thread import ANY_SCENE, LiveService, live_service
from tests.support.running.operator_process import OperatorProcess
from tests.support.tools.secret_search import RUN, SecretSearch

LAST = 20
"""So many calls, and lines of the log, are shown of a failure."""

LINE = 400
"""The most of a line that is shown, in characters."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    plane: ControlPlane
    namespace: str
    objects: SceneAudios
    secrets: KeySecrets
    live: LiveService
    operator: OperatorProcess

    def all_that_is_told(self) -> str:
        """Logs, objects and Events; where there is no CRD there are no objects."""
        kinds = ["events"]
        if self.plane.kubectl("get", "crd", CRD_NAME, "--ignore-not-found"):
            kinds.append("csa")
        told = self.plane.kubectl(
            "get", ",".join(kinds), "-n", self.namespace, "-o", "json", "--show-managed-fields"
        )
        return told + self.operator.log

    def answers(self) -> Iterator[tuple[str, str]]:
        """What a person would ask of it where a test failed: each with its title, the log last.

        What can't be told says why: the control plane, or the emulator, may be what failed.
        """
        for title, look in (
            ("reasons of the objects", self._counted_reasons),
            ("last calls", self._last_calls),
            (f"operator, running: {self.operator.is_running}", self._last_of_the_log),
        ):
            try:
                yield title, look()
            except Exception as error:  # noqa: BLE001 (whatever it is, the other answers are told)
                yield title, f"{error!r}"[:LINE]

    def _counted_reasons(self) -> str:
        return f"{dict(Counter(self.objects.reasons().values()))}"

    def _last_calls(self) -> str:
        calls = self.live.calls(action=None)[-LAST:]
        return ", ".join(f"{call['action']} {call['code']}" for call in calls)

    def _last_of_the_log(self) -> str:
        return "\n".join(line[:LINE] for line in self.operator.log.splitlines()[-LAST:])

    def operator_writes(self) -> list[Write]:
        """What the operator wrote to the API server, in the order in which it was answered."""
        return AuditLog(self.plane.audit_log).operator_writes(self.namespace)


@cache
def operators_kubeconfig(plane: ControlPlane) -> Path:
    """Of its ServiceAccount; one token lasts for all tests on the control plane."""
    return plane.kubeconfig_for(SERVICE_ACCOUNT, OPERATOR_NAMESPACE)


@contextmanager
def set_stage(
    plane: ControlPlane,
    directory: Path,
    *,
    emulator: Settings = ANY_SCENE,
    search: SecretSearch = RUN,
) -> Iterator[Stage]:
    """The operator is not started yet; it is ended with the rest, and then what it told kept."""
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
        stage = Stage(
            plane=plane,
            namespace=namespace,
            objects=SceneAudios(client, namespace),
            secrets=KeySecrets(client, namespace),
            live=live,
            operator=operator,
        )
        try:
            yield stage
        finally:
            live.clear_faults()
            operator.end()
            search.told(f"what was told in {namespace}", stage.all_that_is_told())
            core.delete_namespace(namespace)
