"""What may reach the pods and what they may reach, and how Prometheus finds them."""

from typing import Any

import pytest
import yaml

from dev.chart.generated import ALERTS, DASHBOARD
from dev.helm.command import Helm
from tests.support.chart.chart import NAMESPACE, PROMETHEUS_KINDS, Manifest, rendered

EMULATED = {"emulator": {"enabled": True}, "networkPolicy": {"enabled": True}}


def ports(rules: list[Manifest]) -> set[tuple[str, Any]]:
    return {(port["protocol"], port["port"]) for rule in rules for port in rule.get("ports", ())}


def test_the_service_leads_to_the_port_that_is_probed(helm4: Helm) -> None:
    made = rendered(helm4, {"settings": {"httpPort": 9090}, "service": {"port": 80}})
    [port] = made.one("Service")["spec"]["ports"]

    assert port == {"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP"}
    assert made.container()["ports"] == [{"name": "http", "containerPort": 9090, "protocol": "TCP"}]


def test_there_is_no_policy_unless_asked_for(helm4: Helm) -> None:
    assert not rendered(helm4).of("NetworkPolicy")


def test_the_policy_lets_the_operator_ask_names_the_api_server_and_the_service(
    helm4: Helm,
) -> None:
    made = rendered(helm4, {"networkPolicy": {"enabled": True}})
    spec = made.one("NetworkPolicy")["spec"]

    assert spec["podSelector"] == made.one("Deployment")["spec"]["selector"]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    assert ports(spec["egress"]) == {("UDP", 53), ("TCP", 53), ("TCP", 443), ("TCP", 6443)}
    assert spec["ingress"] == [{"ports": [{"port": "http", "protocol": "TCP"}]}]


def test_the_ecs_metadata_address_is_let_through_where_it_is_asked(helm4: Helm) -> None:
    values = {"networkPolicy": {"enabled": True}, "credentials": {"ecsRole": {"enabled": True}}}

    spec = rendered(helm4, values).one("NetworkPolicy")["spec"]

    assert {
        "to": [{"ipBlock": {"cidr": "100.100.100.200/32"}}],
        "ports": [{"port": 80, "protocol": "TCP"}],
    } in spec["egress"]


def test_metrics_can_be_kept_for_some_and_helm_test_is_among_them(helm4: Helm) -> None:
    monitoring = {"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}
    made = rendered(helm4, {"networkPolicy": {"enabled": True, "metricsFrom": [monitoring]}})
    tester = made.one("Pod", "test")["metadata"]["labels"]

    [rule] = made.one("NetworkPolicy")["spec"]["ingress"]

    assert rule["from"][0] == monitoring
    [also] = rule["from"][1:]
    assert also["podSelector"]["matchLabels"].items() <= tester.items()


def test_the_emulator_is_reached_by_the_operator_and_reaches_nothing(helm4: Helm) -> None:
    made = rendered(helm4, EMULATED)
    spec = made.one("NetworkPolicy", "emulator")["spec"]
    port = made.container("emulator")["ports"][0]["containerPort"]

    [rule] = spec["ingress"]
    assert rule["from"] == [{"podSelector": made.one("Deployment")["spec"]["selector"]}]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    assert "egress" not in spec
    assert ("TCP", port) in ports(made.one("NetworkPolicy")["spec"]["egress"])


def test_prometheus_finds_the_service_and_no_other(helm4: Helm) -> None:
    values = {"emulator": {"enabled": True}, "serviceMonitor": {"enabled": True}}
    made = rendered(helm4, values, "--api-versions", PROMETHEUS_KINDS)
    spec = made.one("ServiceMonitor")["spec"]

    found = [
        each["metadata"]["name"]
        for each in made.of("Service")
        if spec["selector"]["matchLabels"].items() <= each["metadata"]["labels"].items()
    ]

    assert found == [made.one("Service")["metadata"]["name"]]
    assert spec["namespaceSelector"] == {"matchNames": [NAMESPACE]}
    assert spec["endpoints"] == [{"port": "http", "path": "/metrics"}]


def test_grafanas_sidecar_finds_the_dashboard_as_it_is(helm4: Helm) -> None:
    """Its legends among it, in the same braces as Helm's."""
    made = rendered(helm4, {"dashboard": {"enabled": True}})

    [found] = [each for each in made.of("ConfigMap") if "dashboard" in each["metadata"]["name"]]
    assert found["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert found["data"] == {"caster-scene-audio.json": DASHBOARD.read_text()}
    assert "{{reason}}" in found["data"]["caster-scene-audio.json"]


def test_prometheus_loads_the_alerts_as_they_are(helm4: Helm) -> None:
    """Their own templates among them, in the same braces as Helm's."""
    alerts = yaml.safe_load(ALERTS.read_text())
    made = rendered(
        helm4, {"prometheusRule": {"enabled": True}}, "--api-versions", PROMETHEUS_KINDS
    )

    assert made.one("PrometheusRule")["spec"] == alerts
    assert "{{ $labels." in str(alerts)


def test_a_runbook_is_where_the_documentation_is_published(helm4: Helm) -> None:
    published = "https://wiki.example/audio/operations"
    values = {"prometheusRule": {"enabled": True, "runbookUrl": published}}

    made = rendered(helm4, values, "--api-versions", PROMETHEUS_KINDS)

    [group] = made.one("PrometheusRule")["spec"]["groups"]
    urls = {rule["annotations"]["runbook_url"] for rule in group["rules"]}
    assert {url.partition("#")[0] for url in urls} == {published}


@pytest.mark.parametrize("kind", ["serviceMonitor", "prometheusRule"])
def test_what_the_cluster_does_not_know_is_left_out(helm4: Helm, kind: str) -> None:
    name = f"{kind[0].upper()}{kind[1:]}"
    known = ("--api-versions", PROMETHEUS_KINDS)

    assert not rendered(helm4, {kind: {"enabled": True}}).of(name)
    assert not rendered(helm4, None, *known).of(name)
    assert rendered(helm4, {kind: {"enabled": True}}, *known).of(name)
