"""The chart's policy refuses at once what the operator would refuse for `--own-credentials`."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import strategies as st

from caster_scene_audio.domain.access import AccessPolicy, Grant
from dev.control_plane.plane import ControlPlane
from dev.helm.command import Helm
from tests.support.chart.chart import Manifest
from tests.support.cluster.admission_policies import (
    BINDING,
    LABEL,
    Gate,
    gate_of,
    listed,
    own_credentials_policies,
)
from tests.support.specs.generated_grants import CASTERS, NAMESPACES, Wanted, drawn, objects, rules
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

RULES, OBJECTS = 30, 20

Case = tuple[Sequence[str], Sequence[Wanted]]


def generated() -> list[Case]:
    """Rules that differ, each with objects to try."""
    cases = rules.flatmap(
        lambda grants: st.tuples(
            st.just(grants), st.lists(objects(grants), min_size=OBJECTS, max_size=OBJECTS)
        )
    )
    differing = {tuple(grants): (grants, tried) for grants, tried in drawn(cases, 4 * RULES)}
    return list(differing.values())[:RULES]


def objection(grants: Sequence[str], wanted: Wanted) -> str:
    """The operator's, or none."""
    if not wanted.needs_own_credentials:
        return ""
    caster = wanted.spec["casterId"]
    policy = AccessPolicy(tuple(Grant.parse(each) for each in grants))
    return policy.objection(namespace=wanted.namespace, caster_id=caster) or ""


def asked_by_label(policies: Sequence[Manifest], name: str) -> Iterator[Manifest]:
    """The same, so named and bound that many can be in force side by side."""
    for each in policies:
        each["metadata"]["name"] = name
        if each["kind"] == BINDING:
            each["spec"]["policyName"] = name
            each["spec"]["matchResources"] = {"objectSelector": {"matchLabels": {LABEL: name}}}
        yield each


@pytest.fixture(scope="module")
def gate(crds: ControlPlane) -> Iterator[Gate]:
    for name in NAMESPACES:
        crds.kubectl("create", "namespace", name)
    with gate_of(crds) as made:
        yield made
    crds.kubectl("delete", "namespace", *NAMESPACES, "--wait=false")


@pytest.fixture(scope="module")
def cases(crds: ControlPlane, helm4: Helm, gate: Gate) -> Iterator[dict[str, Case]]:
    """By the name of the policy that holds the rules, each of them in force."""
    made = {f"rules-{number}": case for number, case in enumerate(generated())}
    text = listed(
        [
            each
            for name, (grants, _) in made.items()
            for each in asked_by_label(own_credentials_policies(helm4, grants), name)
        ]
    )
    crds.kubectl("apply", "--validate=strict", "-f", "-", stdin=text)
    for name, (grants, _) in made.items():
        wait_until_in_force(gate, name, grants)
    yield made
    crds.kubectl("delete", "--wait=false", "-f", "-", stdin=text)


def wait_until_in_force(gate: Gate, name: str, grants: Sequence[str]) -> None:
    """Where the rules refuse nothing that is known, there is nothing to wait for."""
    specs = [{"casterId": each, "sceneId": "s"} for each in (*CASTERS, "~nobody")]
    candidates = [Wanted(namespace, spec) for namespace in NAMESPACES for spec in specs]
    bad = next((each for each in candidates if objection(grants, each)), None)
    if bad is not None:
        eventually(lambda: gate.objection(name, bad))


def test_the_policy_and_the_operator_object_to_the_same_in_the_same_words(
    cases: dict[str, Case], gate: Gate
) -> None:
    answers = [
        (grants, wanted, gate.objection(name, wanted), objection(grants, wanted))
        for name, (grants, tried) in cases.items()
        for wanted in tried
    ]

    assert [each for each in answers if each[2] != each[3]] == []
    assert len(answers) >= 500
    assert 100 < sum(bool(said) for _, _, said, _ in answers) < len(answers) - 100
