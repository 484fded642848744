"""The policies by which the API server speaks at `kubectl apply`, as the chart renders them."""

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from dev.helm.command import Helm
from tests.support.chart.chart import NAMESPACE, RELEASE, Manifest, Manifests, rendered
from tests.support.specs.generated_grants import CASTERS, drawn, names_near, patterns

POLICY = "ValidatingAdmissionPolicy"
BINDING = "ValidatingAdmissionPolicyBinding"
PRINTABLE = [chr(each) for each in range(0x21, 0x7F)]
WATCHED = {"watchNamespaces": ["studio-a", "studio-b"]}


def policies(made: Manifests) -> dict[str, Manifest]:
    """By name, each with a binding of the same name."""
    found = {each["metadata"]["name"]: each for each in made.of(POLICY)}
    bound = {each["metadata"]["name"]: each["spec"]["policyName"] for each in made.of(BINDING)}
    assert bound == {name: name for name in found}
    return found


def binding(made: Manifests, name: str) -> Manifest:
    [found] = [each for each in made.of(BINDING) if each["metadata"]["name"] == name]
    spec: Manifest = found["spec"]
    return spec


def test_by_default_there_is_advice_for_the_whole_cluster_and_nothing_is_refused(
    helm: Helm,
) -> None:
    made = rendered(helm)

    assert set(policies(made)) == {f"{RELEASE}-advice"}
    assert binding(made, f"{RELEASE}-advice") == {
        "policyName": f"{RELEASE}-advice",
        "validationActions": ["Warn"],
    }


RESTRICTED = {"settings": {"ownCredentials": ["studio-a"]}}


@pytest.mark.parametrize("grants", [["studio-a"], ["studio-?=CASTER-1", "live-*"], ["*=CASTER-1"]])
def test_where_not_everybody_may_use_the_operators_own_credentials_a_policy_says_so(
    helm: Helm, grants: list[str]
) -> None:
    made = rendered(helm, {"settings": {"ownCredentials": grants}})

    assert set(policies(made)) == {f"{RELEASE}-advice", f"{RELEASE}-own-credentials"}
    assert binding(made, f"{RELEASE}-own-credentials")["validationActions"] == ["Deny"]


def test_where_everybody_may_there_is_nothing_to_refuse(helm4: Helm) -> None:
    made = rendered(helm4, {"settings": {"ownCredentials": ["studio-a", "*"]}})

    assert set(policies(made)) == {f"{RELEASE}-advice"}


def test_one_value_turns_refusals_off(helm4: Helm) -> None:
    made = rendered(helm4, {**RESTRICTED, "admissionPolicies": {"ownCredentials": False}})

    assert set(policies(made)) == {f"{RELEASE}-advice"}


def grants_in(made: Manifests) -> list[dict[str, str]]:
    variables = policies(made)[f"{RELEASE}-own-credentials"]["spec"]["variables"]
    [grants] = [each["expression"] for each in variables if each["name"] == "grants"]
    found: list[dict[str, str]] = json.loads(grants)
    return found


def test_a_pattern_becomes_a_regular_expression_of_the_same_names(helm4: Helm) -> None:
    written = set(drawn(patterns(CASTERS), 600))

    made = rendered(helm4, {"settings": {"ownCredentials": [f"x={each}" for each in written]}})

    translated = zip(written, grants_in(made), strict=True)
    assert len(written) > 200
    assert [
        (pattern, grant["casters"], name)
        for pattern, grant in translated
        for name in [*CASTERS, *names_near(pattern), *(f"a{each}b" for each in PRINTABLE)]
        if bool(re.search(grant["casters"], name)) != fnmatchcase(name, pattern)
    ] == []


def test_one_value_turns_advice_off(helm: Helm) -> None:
    made = rendered(helm, {"admissionPolicies": {"advice": False}})

    assert policies(made) == {}


@pytest.mark.parametrize("values", [{}, RESTRICTED, WATCHED])
def test_a_policy_is_asked_about_objects_and_not_about_their_status(
    helm4: Helm, values: Mapping[str, Any]
) -> None:
    for policy in policies(rendered(helm4, values)).values():
        [rule] = policy["spec"]["matchConstraints"]["resourceRules"]
        assert rule["resources"] == ["castersceneaudios"]
        assert rule["operations"] == ["CREATE", "UPDATE"]


def test_a_policy_that_can_not_be_asked_holds_up_nobody(helm4: Helm) -> None:
    for policy in policies(rendered(helm4, RESTRICTED)).values():
        assert policy["spec"]["failurePolicy"] == "Ignore"


def test_with_namespaces_named_a_policy_speaks_of_their_objects_alone(helm4: Helm) -> None:
    made = rendered(helm4, {**WATCHED, **RESTRICTED})

    for name in policies(made):
        [expression] = binding(made, name)["matchResources"]["namespaceSelector"][
            "matchExpressions"
        ]
        assert expression == {
            "key": "kubernetes.io/metadata.name",
            "operator": "In",
            "values": ["studio-a", "studio-b"],
        }


def test_releases_of_one_name_in_two_namespaces_do_not_collide(helm4: Helm) -> None:
    one, other = (
        policies(rendered(helm4, WATCHED, "--namespace", namespace))
        for namespace in (NAMESPACE, "elsewhere")
    )

    assert set(one) == {f"{RELEASE}-{NAMESPACE}-advice"}
    assert not set(one) & set(other)
