"""Names, labels and values that look like something else stay what they are; each stands once."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from dev.helm.command import Helm
from tests.support.chart.chart import (
    NAMESPACE,
    PROMETHEUS_KINDS,
    RELEASE,
    Manifest,
    refusal,
    rendered,
)

LOOKS_OTHERWISE = ["2026", "1e3", "0x1f", "on", "null", "true", "1.5", "0o17", "2026-01-01"]
SAYS = [
    "2026",
    "1e3",
    "0x1F",
    "on",
    "No",
    "null",
    "~",
    "true",
    "1_000",
    "a: b",
    "# not",
    'say "a"',
    "*x",
]
each_name = pytest.mark.parametrize("name", LOOKS_OTHERWISE)


def texts(value: Any) -> Iterator[Any]:
    """Every value at the leaves, with the keys above it."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    else:
        yield value


@each_name
def test_a_name_that_looks_like_a_number_is_a_name(helm: Helm, name: str) -> None:
    said = name.replace(".", "-")
    values = {
        "fullnameOverride": said,
        "nameOverride": said,
        "namespaceOverride": said,
        "schedulerName": said,
        "priorityClassName": said,
        "runtimeClassName": said,
        "leaderElection": {"leaseName": said},
        "credentials": {"existingSecret": said},
        "serviceAccount": {"name": said},
        "imagePullSecrets": [{"name": said}],
        "watchNamespaces": [said],
        "rbac": {"secrets": {"resourceNames": [said], "namespaces": [said]}},
        "serviceMonitor": {"enabled": True},
        "prometheusRule": {"enabled": True},
        "dashboard": {"enabled": True},
        "networkPolicy": {"enabled": True},
    }

    made = rendered(helm, values, "--api-versions", PROMETHEUS_KINDS)

    for each in made.all:
        metadata = each["metadata"]
        named = [metadata["name"], metadata.get("namespace", "")]
        assert all(isinstance(text, str) for text in named), each
        assert all(isinstance(text, str) for text in texts(metadata)), each
    pod = made.pod_spec()
    assert pod["schedulerName"] == pod["priorityClassName"] == pod["runtimeClassName"] == said
    assert pod["serviceAccountName"] == said
    assert pod["imagePullSecrets"] == [{"name": said}]
    arguments = made.container()["args"]
    assert arguments[arguments.index("--lease-name") + 1] == said
    assert arguments[arguments.index("--lease-namespace") + 1] == said
    keys = [
        each["valueFrom"]["secretKeyRef"]["name"]
        for each in made.container()["env"]
        if "valueFrom" in each
    ]
    assert keys == [said] * 3
    for binding in made.of("RoleBinding"):
        assert binding["subjects"][0]["name"] == binding["subjects"][0]["namespace"] == said


@pytest.mark.parametrize("text", SAYS)
def test_what_people_write_arrives_as_they_wrote_it(helm: Helm, text: str) -> None:
    values = {
        "commonLabels": {"a": "2026"},
        "podAnnotations": {"note": text},
        "deploymentAnnotations": {"note": text},
        "serviceAccount": {"annotations": {"note": text}},
        "crds": {"annotations": {"note": text}},
        "nodeSelector": {"pool": text},
        "tolerations": [{"key": "pool", "value": text}],
        "extraEnv": [{"name": "NOTE", "value": text}],
        "extraArgs": [text],
    }

    made = rendered(helm, values)

    assert {each["metadata"]["labels"]["a"] for each in made.all} == {"2026"}
    assert made.one("Deployment")["metadata"]["annotations"]["note"] == text
    assert made.one("ServiceAccount")["metadata"]["annotations"]["note"] == text
    assert made.one("CustomResourceDefinition", "crd")["metadata"]["annotations"]["note"] == text
    pod = made.pod_spec()
    assert pod["nodeSelector"] == {"kubernetes.io/os": "linux", "pool": text}
    assert pod["tolerations"] == [{"key": "pool", "value": text}]
    assert made.container()["env"][-1] == {"name": "NOTE", "value": text}
    assert made.container()["args"][-1] == text
    template = made.one("Deployment")["spec"]["template"]
    assert template["metadata"]["annotations"]["note"] == text


def test_labels_that_say_the_same_or_more_stand_once(helm: Helm) -> None:
    mine = {"app.kubernetes.io/name": RELEASE, "team": "broadcast", "cost": "live"}

    made = rendered(helm, {"commonLabels": mine, "podLabels": {"cost": "on-air"}})

    labels = made.one("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert labels["app.kubernetes.io/name"] == RELEASE
    assert (labels["team"], labels["cost"]) == ("broadcast", "on-air")
    assert made.one("Service")["metadata"]["labels"]["cost"] == "live"


ENVIRONMENT = [{"name": "NOTE", "value": "1"}, {"name": "NOTE", "value": "2"}]
TWICE: dict[str, tuple[Mapping[str, Any], str]] = {
    "a label of the selector": (
        {"commonLabels": {"app.kubernetes.io/name": "mine"}},
        'commonLabels sets app.kubernetes.io/name to "mine", which the chart sets to',
    ),
    "a label of the pods": (
        {"podLabels": {"app.kubernetes.io/component": "mine"}},
        "podLabels sets app.kubernetes.io/component",
    ),
    "a label of the Service": (
        {"service": {"labels": {"helm.sh/chart": "mine"}}},
        "service.labels sets helm.sh/chart",
    ),
    "an annotation of the ServiceAccount": (
        {
            "credentials": {"rrsa": {"roleName": "audio"}},
            "serviceAccount": {"annotations": {"pod-identity.alibabacloud.com/role-name": "other"}},
        },
        "serviceAccount.annotations sets pod-identity.alibabacloud.com/role-name",
    ),
    "an annotation of the definition": (
        {"crds": {"annotations": {"helm.sh/resource-policy": "delete"}}},
        "crds.annotations sets helm.sh/resource-policy",
    ),
    "an annotation of the pods": (
        {"podAnnotations": {"kubectl.kubernetes.io/default-container": "mine"}},
        "podAnnotations sets kubectl.kubernetes.io/default-container",
    ),
    "a variable": ({"extraEnv": ENVIRONMENT}, "extraEnv has two items with the name NOTE"),
    "a variable of the chart": (
        {"extraEnv": [{"name": "ALIBABA_CLOUD_ECS_METADATA_DISABLED", "value": "false"}]},
        "extraEnv has ALIBABA_CLOUD_ECS_METADATA_DISABLED, which the chart sets by credentials",
    ),
    "a volume": (
        {"extraVolumes": [{"name": "a", "emptyDir": {}}, {"name": "a", "emptyDir": {}}]},
        "extraVolumes has two items with the name a",
    ),
    "a place to mount": (
        {
            "extraVolumeMounts": [
                {"name": "a", "mountPath": "/a"},
                {"name": "b", "mountPath": "/a"},
            ]
        },
        "extraVolumeMounts has two items with the mountPath /a",
    ),
    "a container": (
        {"extraContainers": [{"name": "operator", "image": "mine"}]},
        "two items with the name operator",
    ),
    "the metrics": (
        {"serviceMonitor": {"enabled": True}, "podMonitor": {"enabled": True}},
        "would have each metric scraped twice: set one of them",
    ),
}


@pytest.mark.parametrize(("values", "words"), TWICE.values(), ids=TWICE)
def test_what_stands_twice_is_refused_in_words(
    helm: Helm, values: Mapping[str, Any], words: str
) -> None:
    assert words in refusal(helm, values)


def test_a_chart_of_several_charts_says_where_all_images_and_pods_go(helm: Helm) -> None:
    values = {
        "global": {
            "imageRegistry": "mirror.example:5000/",
            "imagePullSecrets": ["mirror", {"name": "registry"}],
            "nodeSelector": {"pool": "live", "kubernetes.io/os": "other"},
            "tolerations": [{"key": "live"}],
        },
        "image": {"registry": "ours.example", "repository": "live/operator", "tag": "1"},
        "imagePullSecrets": [{"name": "registry"}],
        "tolerations": [{"key": "live"}, {"key": "audio"}],
        "emulator": {"enabled": True},
    }

    made = rendered(helm, values)

    pods = [pod["spec"] for _, pod in made.pods()]
    assert len(pods) == 3
    for pod in pods:
        assert pod["containers"][0]["image"] == "mirror.example:5000/live/operator:1"
        assert pod["imagePullSecrets"] == [{"name": "mirror"}, {"name": "registry"}]
        assert pod["nodeSelector"] == {"kubernetes.io/os": "linux", "pool": "live"}
        assert pod["tolerations"] == [{"key": "live"}, {"key": "audio"}]


def test_a_registry_stands_apart_from_the_repository(helm: Helm) -> None:
    image = {"registry": "ours.example", "repository": "live/operator", "tag": "1"}

    assert rendered(helm, {"image": image}).container()["image"] == "ours.example/live/operator:1"


def test_another_namespace_than_the_releases_has_all_that_has_one(helm: Helm) -> None:
    values = {"namespaceOverride": "elsewhere", "networkPolicy": {"enabled": True}}

    made = rendered(helm, values)

    found = {each["metadata"].get("namespace") for each in made.all}
    assert found == {None, "elsewhere"}
    arguments = made.container()["args"]
    assert arguments[arguments.index("--lease-namespace") + 1] == "elsewhere"


def test_pods_get_no_token_where_that_is_turned_off(helm: Helm) -> None:
    assert rendered(helm).pod_spec()["automountServiceAccountToken"] is True
    made = rendered(helm, {"automountServiceAccountToken": False})

    assert made.pod_spec()["automountServiceAccountToken"] is False


def test_a_pod_monitor_finds_the_operators_pods(helm: Helm) -> None:
    values = {"podMonitor": {"enabled": True, "interval": "30s"}}

    made = rendered(helm, values, "--api-versions", PROMETHEUS_KINDS)

    [monitor] = made.of("PodMonitor")
    labels = made.one("Deployment")["spec"]["template"]["metadata"]["labels"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= labels.items()
    [endpoint] = monitor["spec"]["podMetricsEndpoints"]
    ports = [each["name"] for each in made.container()["ports"]]
    assert endpoint == {"port": "http", "path": "/metrics", "interval": "30s"}
    assert endpoint["port"] in ports


def test_one_name_is_of_one_object(helm: Helm) -> None:
    made = rendered(helm, {"watchNamespaces": ["studio-a", NAMESPACE]})

    names: list[tuple[Any, ...]] = [identity(each) for each in made.all]
    assert len(names) == len({*names})


def identity(manifest: Manifest) -> tuple[Any, ...]:
    metadata = manifest["metadata"]
    return manifest["kind"], metadata.get("namespace"), metadata["name"]
