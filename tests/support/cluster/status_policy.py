"""A policy that refuses statuses, as an administrator can make one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import yaml
from kubernetes.client import ApiException

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.scene_audios import GROUP, PLURAL, VERSION, Body, SceneAudios
from tests.support.tools.patience import eventually

WORDS = "No status is taken here."
TRIAL = {"conditions": None, "applied": {"followMode": "AudioMixing"}}
"""A status that each policy of this module refuses."""


@contextmanager
def statuses_refused(
    plane: ControlPlane,
    objects: SceneAudios,
    *names: str,
    reason: str = "Invalid",
    where: str = "true",
) -> Iterator[None]:
    """Of these objects, which are there, until the context ends.

    Args:
        plane: Where the policy is made.
        objects: Of the namespace that it is for.
        names: The objects whose statuses are refused.
        reason: What the API server answers: `Invalid` is a 422, `Forbidden` a 403.
        where: A CEL expression; only the statuses for which it is true are refused.
    """
    name = f"statuses-of-{names[0]}.{objects.namespace}"
    refused = f"!(object.metadata.name in {json.dumps(names)} && {where})"
    documents = policy_of(name, refused, reason, objects.namespace)
    plane.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(documents))
    try:
        eventually(lambda: all(_is_refused(objects, each) for each in names))
        yield
    finally:
        plane.kubectl("delete", "validatingadmissionpolicybinding", name)
        plane.kubectl("delete", "validatingadmissionpolicy", name)


def policy_of(name: str, validation: str, reason: str, namespace: str) -> list[Body]:
    """Statuses in the namespace are taken only where the CEL expression is true."""
    return [_policy(name, validation, reason), _binding(name, namespace)]


def _is_refused(objects: SceneAudios, name: str) -> bool:
    """Tried with a status that is not written."""
    try:
        objects.patch_status(name, TRIAL, dry_run=True)
    except ApiException as error:
        return WORDS in error.body
    return False


def _policy(name: str, validation: str, reason: str) -> Body:
    rule = {
        "apiGroups": [GROUP],
        "apiVersions": [VERSION],
        "operations": ["UPDATE"],
        "resources": [f"{PLURAL}/status"],
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": name},
        "spec": {
            "matchConstraints": {"resourceRules": [rule]},
            "validations": [{"expression": validation, "message": WORDS, "reason": reason}],
        },
    }


def _binding(name: str, namespace: str) -> Body:
    selector = {"matchLabels": {"kubernetes.io/metadata.name": namespace}}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": name},
        "spec": {
            "policyName": name,
            "validationActions": ["Deny"],
            "matchResources": {"namespaceSelector": selector},
        },
    }
