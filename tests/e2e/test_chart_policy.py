"""The chart's pods, admitted by the API server's own Pod Security where it is "restricted"."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from dev.helm.command import Helm
from tests.support.chart.chart import CI_VALUES, Manifest, rendered

pytestmark = pytest.mark.control_plane

RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"

VIOLATIONS: Mapping[str, Mapping[str, Any]] = {
    "privilege": {"securityContext": {"allowPrivilegeEscalation": True}},
    "root": {"podSecurityContext": {"runAsNonRoot": False, "runAsUser": 0}},
    "capabilities": {"securityContext": {"capabilities": {"drop": []}}},
    "no seccomp": {"podSecurityContext": {"seccompProfile": None}},
    "the host's files": {"extraVolumes": [{"name": "host", "hostPath": {"path": "/"}}]},
}


@pytest.fixture
def restricted(control_plane: ControlPlane, namespace: str) -> str:
    """A namespace that is, once it has the account that pods get by default."""
    control_plane.kubectl("label", "namespace", namespace, RESTRICTED)
    account = ("serviceaccount/default", "-n", namespace, "--timeout=60s")
    control_plane.kubectl("wait", "--for=create", *account)
    return namespace


def as_pod(template: Manifest, namespace: str) -> Manifest:
    """What its controller would create, but for an account and classes that only a cluster has."""
    metadata, spec = template["metadata"], template["spec"]
    foreign = ("serviceAccountName", "priorityClassName", "runtimeClassName")
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "generateName": "tried-",
            "namespace": namespace,
            "labels": metadata["labels"],
            "annotations": metadata.get("annotations", {}),
        },
        "spec": {name: value for name, value in spec.items() if name not in foreign},
    }


def refused(plane: ControlPlane, pod: Manifest) -> str:
    """Why it is, or nothing; it is never stored."""
    try:
        plane.kubectl("create", "--dry-run=server", "-f", "-", stdin=json.dumps(pod))
    except KubectlError as error:
        return error.stderr
    return ""


@pytest.mark.parametrize("values", CI_VALUES, ids=[each.stem for each in CI_VALUES])
def test_every_pod_is_admitted(
    control_plane: ControlPlane, helm4: Helm, restricted: str, values: Path
) -> None:
    pods = dict(rendered(helm4, values).pods())

    said = {name: refused(control_plane, as_pod(pod, restricted)) for name, pod in pods.items()}

    assert said == dict.fromkeys(pods, "")
    assert len(pods) >= 2


@pytest.mark.parametrize("values", VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_pod_that_asks_for_more_is_refused(
    control_plane: ControlPlane, helm4: Helm, restricted: str, values: Mapping[str, Any]
) -> None:
    [operator] = [pod for name, pod in rendered(helm4, values).pods() if name.startswith("Dep")]

    said = refused(control_plane, as_pod(operator, restricted))

    assert 'violates PodSecurity "restricted:' in said
