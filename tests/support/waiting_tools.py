"""What tools that wait for an object make of it: kstatus, and Flux with the expressions for us."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml
from kubernetes.client import AdmissionregistrationV1Api, ApiException

from tests.support.cluster import ROOT
from tests.support.patience import eventually
from tests.support.scene_audios import GROUP, Body, SceneAudios, conditions_of

KUSTOMIZATION = ROOT / "gitops" / "flux" / "kustomization.yaml"
SCRATCH = "scratch"
_NO_VERDICT = "no verdict"


def kstatus(body: Body) -> str:
    """By the rules of sigs.k8s.io/cli-utils, as Helm 4 and Flux take them; what concerns us."""
    if _is_behind(body):
        return "InProgress"
    stated = conditions_of(body.get("status", {}))
    for condition in stated.values():
        if condition["status"] == "True" and condition["type"] in {"Reconciling", "Stalled"}:
            return "InProgress" if condition["type"] == "Reconciling" else "Failed"
    if "Ready" in stated:
        return "Current" if stated["Ready"]["status"] == "True" else "InProgress"
    return "Current"  # nothing is known of it; that is why the schema has a default


def _is_behind(body: Body) -> bool:
    observed = body.get("status", {}).get("observedGeneration")
    return observed is not None and observed != body["metadata"]["generation"]


class Flux:
    """Has the API server evaluate the expressions of our Kustomization: CEL as in Flux."""

    def __init__(self, objects: SceneAudios) -> None:
        self._objects = objects

    def status(self, body: Body) -> str:
        """It looks at the generation itself, before any expression."""
        return "InProgress" if _is_behind(body) else self._verdict(body["status"])

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
