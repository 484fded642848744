"""What tools that wait for an object make of it: kstatus, and Flux with the expressions for us."""

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes.client import AdmissionregistrationV1Api, ApiException

from dev.kstatus.program import find_kstatus
from tests.support.cluster.cluster import ROOT
from tests.support.cluster.scene_audios import GROUP, Body, SceneAudios
from tests.support.tools.ahead import Ahead
from tests.support.tools.patience import eventually

KUSTOMIZATION = ROOT / "gitops" / "flux" / "studio-audio.yaml"
PROGRAM = Ahead(lambda say: find_kstatus(say=say), "kstatus")
SCRATCH = "scratch"
_NO_VERDICT = "no verdict"


@dataclass(frozen=True, slots=True)
class Kstatus:
    program: Path

    def statuses(self, bodies: Sequence[Body]) -> list[str]:
        """One for each, in order."""
        answer = subprocess.run(  # noqa: S603 (the project's own program)
            [f"{self.program}"],
            input=json.dumps(bodies),
            capture_output=True,
            text=True,
            check=True,
        )
        return answer.stdout.splitlines()


@pytest.fixture(scope="session")
def kstatus(pytestconfig: pytest.Config) -> Kstatus:
    return Kstatus(PROGRAM.of(pytestconfig))


def pytest_collection_finish(session: pytest.Session) -> None:
    PROGRAM.get(session)


class Flux:
    """Has the API server evaluate the expressions of our Kustomization: CEL as in Flux."""

    def __init__(self, objects: SceneAudios) -> None:
        self._objects = objects

    def status(self, body: Body) -> str:
        """It looks at the generation itself, before any expression."""
        if body["status"]["observedGeneration"] != body["metadata"]["generation"]:
            return "InProgress"
        return self._verdict(body["status"])

    def _verdict(self, status: Body) -> str:
        try:
            self._objects.patch_status(SCRATCH, status)
        except ApiException as refused:
            found = re.search(r"denied request: (\w+)", refused.body)
            if found is None:
                raise
            return found[1]
        return _NO_VERDICT

    def is_asked(self) -> bool:
        """Whether the API server follows the policy by now."""
        return self._verdict({"observedGeneration": 1}) != _NO_VERDICT


@contextmanager
def flux(objects: SceneAudios) -> Iterator[Flux]:
    """No status can be written in the namespace meanwhile: each write is refused with a verdict."""
    policies = AdmissionregistrationV1Api(objects._objects.api_client)
    name = f"verdicts-{objects.namespace}"
    objects.create(SCRATCH)
    policies.create_validating_admission_policy(_policy(name))
    policies.create_validating_admission_policy_binding(_binding(name, objects.namespace))
    try:
        asked = Flux(objects)
        eventually(asked.is_asked)
        yield asked
    finally:
        policies.delete_validating_admission_policy_binding(name)
        policies.delete_validating_admission_policy(name)


def _policy(name: str) -> dict[str, Any]:
    rule = {
        "apiGroups": [GROUP],
        "apiVersions": ["*"],
        "operations": ["UPDATE"],
        "resources": ["castersceneaudios/status"],
    }
    return {
        "metadata": {"name": name},
        "spec": {
            "matchConstraints": {"resourceRules": [rule]},
            "validations": [{"expression": "false", "messageExpression": _in_order()}],
        },
    }


def _binding(name: str, namespace: str) -> dict[str, Any]:
    here = {"matchLabels": {"kubernetes.io/metadata.name": namespace}}
    return {
        "metadata": {"name": name},
        "spec": {
            "policyName": name,
            "validationActions": ["Deny"],
            "matchResources": {"namespaceSelector": here},
        },
    }


def _in_order() -> str:
    """First whether it failed, then whether it is current, as Flux does."""
    *_, kustomization = yaml.safe_load_all(KUSTOMIZATION.read_text())
    (checks,) = kustomization["spec"]["healthCheckExprs"]
    assert checks["kind"] == "CasterSceneAudio"
    assert checks.keys() == {"apiVersion", "kind", "failed", "current"}
    # To Flux the object's members are variables; to the API server they are those of `object`.
    failed, current = (
        re.sub(r"(?<![\w.])status\b(?=\.)", "object.status", checks[each])
        for each in ("failed", "current")
    )
    return f"({failed}) ? 'Failed' : ({current}) ? 'Current' : 'InProgress'"
