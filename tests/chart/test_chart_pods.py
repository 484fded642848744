"""The pods: how they are secured, probed, spread, replaced and kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.chart.generated import CHART
from dev.helm.command import Helm
from tests.support.chart.chart import CI_VALUES, Manifest, rendered

OURS = {"operator", "emulator", "test"}
LABELS = "app.kubernetes.io/"


@pytest.mark.parametrize("values", CI_VALUES, ids=[each.stem for each in CI_VALUES])
def test_every_container_of_ours_is_without_rights_on_its_node(helm4: Helm, values: Path) -> None:
    found = 0
    for _, pod in rendered(helm4, values).pods():
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        assert pod["spec"]["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for each in (it for it in pod["spec"]["containers"] if it["name"] in OURS):
            context = each["securityContext"]
            found += 1
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]}

    assert found >= 2


def test_each_pod_of_ours_asks_for_memory_and_is_bounded(helm4: Helm) -> None:
    for _, pod in rendered(helm4, {"emulator": {"enabled": True}}).pods():
        [container] = pod["spec"]["containers"]
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert container["resources"]["limits"].keys() == {"memory"}


def test_the_probes_ask_what_they_are_meant_to(helm4: Helm) -> None:
    container = rendered(helm4, {"livenessProbe": {"periodSeconds": 60}}).container()

    asked = {
        name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")
    }

    assert asked == {
        "startup": {"path": "/healthz", "port": "http"},
        "liveness": {"path": "/healthz", "port": "http"},
        "readiness": {"path": "/readyz", "port": "http"},
    }
    assert container["livenessProbe"]["periodSeconds"] == 60
    assert container["ports"] == [{"name": "http", "containerPort": 8081, "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("values", "strategy"),
    [
        (
            {},
            {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        ),
        ({"updateStrategy": {"type": "Recreate"}}, {"type": "Recreate"}),
        (
            {"replicaCount": 1, "leaderElection": {"enabled": False}},
            {"type": "Recreate"},
        ),
    ],
    ids=["a new one first", "as it is told", "never two without a Lease"],
)
def test_pods_are_replaced(helm4: Helm, values: Mapping[str, Any], strategy: Manifest) -> None:
    assert rendered(helm4, values).one("Deployment")["spec"]["strategy"] == strategy


def test_replicas_of_one_revision_are_spread_over_nodes_and_zones(helm4: Helm) -> None:
    made = rendered(helm4)
    deployment = made.one("Deployment")

    spread = made.pod_spec()["topologySpreadConstraints"]

    assert [each["topologyKey"] for each in spread] == [
        "kubernetes.io/hostname",
        "topology.kubernetes.io/zone",
    ]
    for each in spread:
        assert each["whenUnsatisfiable"] == "ScheduleAnyway"
        assert each["labelSelector"] == deployment["spec"]["selector"]
        assert each["matchLabelKeys"] == ["pod-template-hash"]


def test_a_constraint_with_a_selector_is_left_as_it_is(helm4: Helm) -> None:
    constraint = {
        "maxSkew": 2,
        "topologyKey": "rack",
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"a": "b"}},
    }

    made = rendered(helm4, {"topologySpreadConstraints": [constraint]})

    assert made.pod_spec()["topologySpreadConstraints"] == [constraint]


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({}, [{"minAvailable": 1}]),
        ({"podDisruptionBudget": {"maxUnavailable": 0}}, [{"maxUnavailable": 0}]),
        ({"podDisruptionBudget": {"minAvailable": "50%"}}, [{"minAvailable": "50%"}]),
        ({"replicaCount": 1}, []),
        ({"podDisruptionBudget": {"enabled": False}}, []),
    ],
    ids=["one", "at most none away", "a share", "a single one never", "none"],
)
def test_replicas_are_kept_while_nodes_are_drained(
    helm4: Helm, values: Mapping[str, Any], kept: list[Manifest]
) -> None:
    made = rendered(helm4, values)

    budgets = [each["spec"] for each in made.of("PodDisruptionBudget")]

    for each in budgets:
        assert each.pop("selector") == made.one("Deployment")["spec"]["selector"]
        assert each.pop("unhealthyPodEvictionPolicy") == "AlwaysAllow"
    assert budgets == kept


def test_no_selector_finds_pods_of_another_component(helm4: Helm) -> None:
    made = rendered(helm4, {"emulator": {"enabled": True}, "podLabels": {"tier": "live"}})

    selectors = {
        f"{each['kind']}/{each['metadata']['name']}": each["spec"]["selector"]
        for each in made.all
        if "selector" in each.get("spec", {})
    }
    found = {
        name: [
            pod["metadata"]["labels"][f"{LABELS}component"]
            for _, pod in made.pods()
            if selector.get("matchLabels", selector).items() <= pod["metadata"]["labels"].items()
        ]
        for name, selector in selectors.items()
    }

    assert len(found) == 5
    assert all(
        components == (["emulator"] if "emulator" in name else ["operator"])
        for name, components in found.items()
    )


def test_a_new_version_of_the_chart_alone_replaces_no_pod(helm4: Helm, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    newer.mkdir()
    for path in CHART.rglob("*"):
        if path.is_file():
            copy = newer / path.relative_to(CHART)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    chart = yaml.safe_load((newer / "Chart.yaml").read_text())
    (newer / "Chart.yaml").write_text(yaml.safe_dump({**chart, "version": "9.9.9"}))

    before, after = (rendered(helm4, chart=each).one("Deployment") for each in (CHART, newer))

    assert before["metadata"] != after["metadata"]
    assert before["spec"] == after["spec"]


def test_the_image_is_named_by_tag_or_by_digest(helm4: Helm) -> None:
    digest = f"sha256:{'a' * 64}"
    version = yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"]

    def image(**values: str) -> str:
        named: str = rendered(helm4, {"image": values}).container()["image"]
        return named

    assert image() == f"caster-scene-audio-operator:{version}"
    assert image(repository="registry.example/it", tag="edge") == "registry.example/it:edge"
    assert image(tag="edge", digest=digest) == f"caster-scene-audio-operator@{digest}"
