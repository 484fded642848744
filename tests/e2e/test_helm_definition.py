"""The life of CasterSceneAudio's definition in the chart: Helm 3 and Helm 4, and kubectl before."""

from pathlib import Path

import pytest

from dev.helm.command import Helm
from tests.support.chart.helm_release import CRD_FILE, NAME, Release
from tests.support.cluster.cluster import CRD_NAME, CRDS, OPERATOR_NAMESPACE, ROOT
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

DEPLOY, PARTS = ROOT / "deploy", ("rbac", "advice", "operator")
"""In the order that the README names, as the first has the namespace."""
POLICIES = "validatingadmissionpolicies,validatingadmissionpolicybindings"

with_helm_4 = pytest.mark.parametrize("helm", ["helm4"], indirect=True)


def shows_the_age(release: Release) -> bool:
    """Whether the definition is the chart's own, not the former one."""
    definition = release.definition()
    assert definition is not None
    columns = definition["spec"]["versions"][0]["additionalPrinterColumns"]
    return "Age" in [column["name"] for column in columns]


def uid(release: Release) -> str:
    body = release.objects.read("interview")
    assert body is not None
    return f"{body['metadata']['uid']}"


def test_objects_outlive_the_release_and_belong_to_the_next(release: Release) -> None:
    release.apply()
    release.objects.create("interview")
    before = uid(release)

    release.uninstall()
    left = release.plane.kubectl(
        "get",
        f"all,sa,cm,pdb,networkpolicy,role,rolebinding,clusterrole,clusterrolebinding,crd,{POLICIES}",
        "--all-namespaces",
        f"--selector=app.kubernetes.io/instance={NAME}",
        "--output=name",
    )
    after_uninstall = uid(release)
    release.apply()

    assert left.split() == [f"customresourcedefinition.apiextensions.k8s.io/{CRD_NAME}"]
    assert before == after_uninstall == uid(release)


@with_helm_4
def test_a_release_elsewhere_takes_the_kept_definition_over_when_told_to(release: Release) -> None:
    release.apply()
    release.objects.create("interview")
    before = uid(release)
    release.uninstall()

    elsewhere = "--namespace=default"  # the last of two counts
    assert '"meta.helm.sh/release-namespace" must equal "default"' in release.refused(elsewhere)
    release.apply(elsewhere, "--take-ownership")
    release.helm("uninstall", NAME, elsewhere)

    assert before == uid(release)


def test_an_upgrade_brings_the_new_definition_and_a_rollback_the_former(
    release: Release, former_chart: Path
) -> None:
    release.apply(chart=former_chart)
    release.objects.create("interview")
    before = uid(release)
    assert not shows_the_age(release)

    release.apply()
    assert shows_the_age(release)
    release.roll_back(1)
    assert not shows_the_age(release)
    release.apply()
    assert shows_the_age(release)

    assert before == uid(release)


def test_a_release_that_gives_the_definition_up_leaves_it(release: Release) -> None:
    release.apply()
    release.objects.create("interview")
    before = uid(release)

    release.apply("--set=crds.enabled=false")

    assert before == uid(release)


@with_helm_4
def test_a_definition_that_is_not_to_be_kept_goes_with_the_release(release: Release) -> None:
    release.apply("--set=crds.keep=false")
    release.objects.create("interview")

    release.uninstall()

    eventually(lambda: not release.objects.are_served())


@pytest.mark.parametrize("helm", ["helm3"], indirect=True)
def test_helm_3_takes_over_a_definition_of_kubectls_when_told_to(
    release: Release, former_chart: Path
) -> None:
    release.plane.kubectl("apply", "-f", f"{former_chart / CRD_FILE}")
    eventually(release.objects.are_served)
    release.objects.create("interview")
    before = uid(release)

    assert f'"{CRD_NAME}" in namespace "" exists and cannot be imported' in release.refused()
    release.apply("--take-ownership")

    assert shows_the_age(release)
    assert before == uid(release)


@with_helm_4
@pytest.mark.parametrize("how", ["--server-side=false", "--server-side=true"])
def test_helm_4_must_be_told_as_well_to_take_what_another_manager_owns(
    release: Release, former_chart: Path, how: str
) -> None:
    release.plane.kubectl("apply", how, "-f", f"{former_chart / CRD_FILE}")
    eventually(release.objects.are_served)
    release.objects.create("interview")
    before = uid(release)

    assert f'"{CRD_NAME}" in namespace "" exists and cannot be imported' in release.refused()
    conflict = release.refused("--take-ownership")
    assert 'conflict with "kubectl' in conflict
    assert ".spec.versions" in conflict
    release.apply("--take-ownership", "--force-conflicts")  # over the release that failed
    assert shows_the_age(release)
    release.apply(chart=former_chart)  # from here on it is Helm's

    assert not shows_the_age(release)
    assert before == uid(release)


@with_helm_4
def test_all_that_was_installed_without_helm_is_taken_over_when_told_to(release: Release) -> None:
    there = f"--namespace={OPERATOR_NAMESPACE}"
    files = (f"--filename={CRDS}", *(f"--filename={DEPLOY / f'{name}.yaml'}" for name in PARTS))
    release.plane.kubectl("apply", *files)
    eventually(release.objects.are_served)
    release.objects.create("interview")
    before = uid(release)

    release.apply(there, "--take-ownership", "--force-conflicts")
    release.helm("uninstall", NAME, there)
    left = release.plane.kubectl(
        "get", f"all,pdb,role,rolebinding,{POLICIES}", there, "--output=name"
    )
    release.plane.kubectl("delete", "namespace", OPERATOR_NAMESPACE, "--wait=false")

    assert not left
    assert before == uid(release)


@with_helm_4
def test_helm_4_goes_on_where_helm_3_began(
    helm3: Helm, release: Release, former_chart: Path
) -> None:
    release.apply(chart=former_chart, helm=helm3.on(release.plane.kubeconfig))
    release.objects.create("interview")
    before = uid(release)

    release.apply()
    assert shows_the_age(release)
    release.roll_back(1)

    assert not shows_the_age(release)
    assert before == uid(release)
