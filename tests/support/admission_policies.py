"""What ValidatingAdmissionPolicies make kubectl print, and what the API server counts of them."""

import re

from dev.control_plane.plane import ControlPlane
from dev.kubectl import Kubectl

_WARNING = re.compile(
    "^Warning: Validation failed for ValidatingAdmissionPolicy '[^']+' with binding '[^']+': "
)


def warnings(plane: ControlPlane, *arguments: str, stdin: str | None = None) -> list[str]:
    """All that kubectl writes to stderr, a policy's name cut off; raises KubectlError."""
    kubectl = Kubectl(plane.binaries.kubectl, plane.kubeconfig)
    return [_WARNING.sub("", line) for line in kubectl.warnings(*arguments, stdin=stdin)]


def actions_taken(plane: ControlPlane, policy: str) -> set[str]:
    """What checks led to that did not pass: "allow" stands for one that could not be made."""
    counted = re.findall(
        rf"^apiserver_validating_admission_policy_check_total\{{(.*policy=\"{policy}\".*)\}}",
        plane.kubectl("get", "--raw=/metrics"),
        re.MULTILINE,
    )
    return {re.findall('enforcement_action="([a-z]+)"', labels)[0] for labels in counted}
