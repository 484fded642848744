"""What a person would ask a cluster in which a test failed."""

import subprocess
from collections.abc import Iterator

from dev.control_plane.failure import KubectlError
from dev.kubectl import Kubectl
from tests.support.chart.release import NAMESPACE

HERE = f"--namespace={NAMESPACE}"
OURS = "--selector=app.kubernetes.io/part-of=caster-scene-audio-operator"
LOGS = ("logs", HERE, OURS, "--all-containers", "--prefix", "--tail=25")
ENDED = ".status.containerStatuses[*].lastState.terminated"
QUESTIONS = {
    "nodes and pods": ("get", "nodes,pods", "--all-namespaces", "--output=wide"),
    "how containers ended": (
        "get",
        "pods",
        HERE,
        f"--output=custom-columns=POD:.metadata.name,CODE:{ENDED}.exitCode,WHY:{ENDED}.reason",
    ),
    "what runs them": ("get", "deployments,replicasets,leases", HERE, "--output=wide"),
    "objects": ("get", "csa", "--all-namespaces", "--output=wide"),
    "Events of the release": ("get", "events", HERE, "--sort-by=.metadata.creationTimestamp"),
    "warnings": ("get", "events", "--all-namespaces", "--field-selector=type!=Normal"),
    "logs": LOGS,
    "logs of containers that ended": (*LOGS, "--previous"),
}


def answers(kubectl: Kubectl) -> Iterator[tuple[str, str]]:
    """Each question with what the cluster says; the values of Secrets are in none of it."""
    for title, question in QUESTIONS.items():
        try:
            yield title, kubectl(*question)
        except (KubectlError, subprocess.TimeoutExpired) as error:
            yield title, f"{error}"
