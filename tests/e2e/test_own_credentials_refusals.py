"""What a tenant whom `--own-credentials` leaves out may do with an object, and is told by kubectl."""

import json
from collections.abc import Iterator

import pytest

from caster_scene_audio.domain.access import AccessPolicy, Grant
from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from dev.helm.command import Helm
from tests.support.cluster.admission_policies import Gate, gate_of, listed, own_credentials_policies
from tests.support.cluster.scene_audios import manifest
from tests.support.specs.generated_grants import Wanted
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

GRANTS = ["somewhere-else"]


@pytest.fixture(scope="module")
def gate(crds: ControlPlane) -> Iterator[Gate]:
    with gate_of(crds) as made:
        yield made


class Tenant:
    """One object in a namespace that may use the operator's own credentials no longer."""

    def __init__(self, plane: ControlPlane, namespace: str) -> None:
        self._plane = plane
        self._namespace = namespace

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        return self._plane.kubectl(f"--namespace={self._namespace}", *arguments, stdin=stdin)

    def patch(self, *how: str, **patch: object) -> str:
        return self.kubectl("patch", "csa", "show", "--type=merge", "-p", json.dumps(patch), *how)

    def refused(self, **spec: object) -> str:
        with pytest.raises(KubectlError) as refusal:
            self.patch(spec=spec)
        return refusal.value.stderr


@pytest.fixture
def tenant(crds: ControlPlane, helm4: Helm, namespace: str, gate: Gate) -> Iterator[Tenant]:
    made = Tenant(crds, namespace)
    made.kubectl("create", "-f", "-", stdin=json.dumps(manifest("show")))
    text = listed(own_credentials_policies(helm4, GRANTS, namespace))
    crds.kubectl("apply", "-f", "-", stdin=text)
    unwanted = Wanted(namespace, manifest("wanted")["spec"])
    eventually(lambda: gate.objection("nobody", unwanted))
    yield made
    crds.kubectl("delete", "-f", "-", stdin=text)


def test_kubectl_tells_the_operator_s_objection(tenant: Tenant, namespace: str) -> None:
    with pytest.raises(KubectlError) as refusal:
        tenant.kubectl("apply", "-f", "-", stdin=json.dumps(manifest("other")))

    said = AccessPolicy((Grant.parse(*GRANTS),)).objection(namespace=namespace, caster_id="any")
    assert refusal.value.stderr.startswith("Error from server (Forbidden): ")
    assert refusal.value.stderr.endswith(f"denied request: {said}\n")


def test_what_is_there_can_be_labelled_reported_suspended_given_a_secret_and_deleted(
    tenant: Tenant,
) -> None:
    tenant.kubectl("annotate", "csa", "show", "live.alibabacloud.com/reconcile-requested-at=now")
    tenant.kubectl("label", "csa", "show", "team=broadcast")
    tenant.patch("--subresource=status", status={"requestId": "16A96B9A"})
    tenant.patch(metadata={"finalizers": ["example.com/held"]})

    assert "--own-credentials doesn't let namespace" in tenant.refused(interval="5m")
    tenant.patch(spec={"suspend": True, "interval": "5m"})
    assert "--own-credentials doesn't let namespace" in tenant.refused(suspend=None)
    tenant.patch(spec={"suspend": None, "credentialsSecretRef": {"name": "studio-key"}})
    assert "--own-credentials doesn't let" in tenant.refused(credentialsSecretRef=None)
    tenant.kubectl("delete", "csa", "show", "--wait=false")
    tenant.patch(metadata={"finalizers": None})

    assert not tenant.kubectl("get", "csa", "--output=name")


@pytest.mark.usefixtures("tenant")
def test_a_namespace_that_is_not_served_is_not_asked(gate: Gate) -> None:
    elsewhere = Wanted("default", manifest("wanted")["spec"])

    assert gate.objection("nobody", elsewhere) == ""
