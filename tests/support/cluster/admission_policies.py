"""ValidatingAdmissionPolicies: the chart's, what they make kubectl print, and whom they refuse."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kubernetes import config
from kubernetes.client import ApiClient, ApiException, CustomObjectsApi

from dev.control_plane.plane import ControlPlane
from dev.helm.command import Helm
from dev.kubectl import Kubectl
from tests.support.chart.chart import Manifest, rendered
from tests.support.cluster.scene_audios import GROUP, PLURAL, VERSION, manifest
from tests.support.specs.generated_grants import Wanted

LABEL = "asked-by"
"""Of an object: the policy that is asked, where several are in force."""
POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"

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


def own_credentials_policies(helm: Helm, grants: Sequence[str], *watched: str) -> list[Manifest]:
    values = {
        "settings": {"ownCredentials": list(grants)},
        "admissionPolicies": {"advice": False},
        "watchNamespaces": list(watched),
    }
    made = rendered(helm, values)
    return [*made.of(POLICY), *made.of(BINDING)]


def listed(manifests: Sequence[Manifest]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(manifests)})


class Gate:
    """Asks whether an object would be taken, and stores none."""

    def __init__(self, client: ApiClient) -> None:
        self._objects = CustomObjectsApi(client)

    def objection(self, asked_by: str, wanted: Wanted) -> str:
        """The policy's, or none."""
        body = manifest("wanted", metadata={"labels": {LABEL: asked_by}}, **wanted.spec)
        place = (GROUP, VERSION, wanted.namespace, PLURAL)
        try:
            self._objects.create_namespaced_custom_object(*place, body, dry_run="All")
        except ApiException as error:
            answer = json.loads(error.body)
            if answer["reason"] != "Forbidden":
                raise
            return str(answer["message"]).partition(" denied request: ")[2]
        return ""


@contextmanager
def gate_of(plane: ControlPlane) -> Iterator[Gate]:
    with config.new_client_from_config(f"{plane.kubeconfig}") as client:
        yield Gate(client)
