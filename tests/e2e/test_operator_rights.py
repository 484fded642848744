"""What `deploy/rbac.yaml` lets the operator's ServiceAccount do, asked of the API server."""

import json
from pathlib import Path
from typing import Any

import pytest

from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import OPERATOR_NAMESPACE, SERVICE_ACCOUNT

pytestmark = pytest.mark.control_plane

SCENES = "castersceneaudios.live.alibabacloud.com"
EVENTS = "events.events.k8s.io"

MAY = [
    f"list {SCENES} --all-namespaces",
    f"watch {SCENES} --all-namespaces",
    f"patch {SCENES} --subresource=status --all-namespaces",
    f"create {EVENTS} --all-namespaces",
    f"patch {EVENTS} --all-namespaces",
]
MAY_NOT = [
    f"create {SCENES}",
    f"update {SCENES}",
    f"patch {SCENES}",
    f"delete {SCENES}",
    f"deletecollection {SCENES}",
    f"update {SCENES} --subresource=status",
    f"list {EVENTS}",
    f"delete {EVENTS}",
    "create events",
    "list secrets",
    "update secrets",
    "create secrets",
    "delete secrets",
    "get configmaps",
    "list pods",
    "create pods",
    "list namespaces",
    "list nodes",
    "create serviceaccounts --subresource=token",
    "get customresourcedefinitions.apiextensions.k8s.io",
    "update customresourcedefinitions.apiextensions.k8s.io",
    "create clusterrolebindings.rbac.authorization.k8s.io",
    "escalate clusterroles.rbac.authorization.k8s.io",
    "impersonate serviceaccounts",
    "get /metrics",
    "* *",
]

Right = tuple[str, str, str]


@pytest.fixture(scope="module")
def as_operator(crds: ControlPlane) -> Path:
    return crds.kubeconfig_for(SERVICE_ACCOUNT, OPERATOR_NAMESPACE)


def says(plane: ControlPlane, kubeconfig: Path, question: str) -> str:
    """`yes`, or `no`, with which kubectl fails."""
    try:
        answer = plane.kubectl("auth", "can-i", *question.split(), kubeconfig=kubeconfig)
    except KubectlError as error:
        if error.exit_code != 1 or "rror" in error.stderr:
            raise
        return "no"
    return answer.strip()


def rights(plane: ControlPlane, kubeconfig: Path) -> set[Right]:
    """Verb, group and resource of everything that its user may do in the namespace `default`."""
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": "default"},
    }
    answer = plane.kubectl(
        "create",
        "--validate=false",
        "-f",
        "-",
        "-o",
        "json",
        stdin=json.dumps(review),
        kubeconfig=kubeconfig,
    )
    status: dict[str, Any] = json.loads(answer)["status"]
    assert not status["incomplete"]
    resources = {
        (verb, group, resource)
        for rule in status["resourceRules"]
        for verb in rule["verbs"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    paths = {
        (verb, "", path)
        for rule in status["nonResourceRules"]
        for verb in rule["verbs"]
        for path in rule["nonResourceURLs"]
    }
    return resources | paths


@pytest.mark.parametrize("question", MAY)
def test_the_operator_may(crds: ControlPlane, as_operator: Path, question: str) -> None:
    assert says(crds, as_operator, question) == "yes"


@pytest.mark.parametrize("question", MAY_NOT)
def test_the_operator_may_not(crds: ControlPlane, as_operator: Path, question: str) -> None:
    assert says(crds, as_operator, question) == "no"


def test_the_operator_has_no_right_beyond_those_of_every_account_but_these(
    crds: ControlPlane, as_operator: Path, namespace: str
) -> None:
    crds.kubectl("create", "serviceaccount", "anyone", "-n", namespace)
    as_anyone = crds.kubeconfig_for("anyone", namespace)

    beyond = rights(crds, as_operator) - rights(crds, as_anyone)

    assert beyond == {
        ("list", "live.alibabacloud.com", "castersceneaudios"),
        ("watch", "live.alibabacloud.com", "castersceneaudios"),
        ("patch", "live.alibabacloud.com", "castersceneaudios/status"),
        ("create", "events.k8s.io", "events"),
        ("patch", "events.k8s.io", "events"),
        ("patch", "", "events"),
        ("get", "", "secrets"),
        ("watch", "", "secrets"),
    }
