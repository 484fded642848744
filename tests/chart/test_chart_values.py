"""What may stand in the values: everything that the chart has, and nothing else."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
import yaml

from dev.chart.generated import CHART
from dev.chart.values_table import described
from dev.helm.command import Helm, HelmError
from tests.support.chart.chart import CI_VALUES, PROMETHEUS_KINDS, refusal, rendered

SCHEMA = json.loads((CHART / "values.schema.json").read_text())
VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
DESCRIBED = [each.key for each in described((CHART / "values.yaml").read_text())]
# Kubernetes' own types, which the API server checks.
FREE = {
    "affinity",
    "dnsConfig",
    "global",
    "podSecurityContext",
    "securityContext",
    "resources.requests",
    "resources.limits",
    "emulator.resources.requests",
    "emulator.resources.limits",
}

REFUSED = {
    "a value that there is not": ({"replicas": 3}, "additional properties 'replicas' not allowed"),
    "one below another": (
        {"settings": {"updateQbs": 3}},
        "at '/settings': additional properties 'updateQbs' not allowed",
    ),
    "a number for a word": ({"image": {"tag": 1.0}}, "at '/image/tag': got number, want string"),
    "a number out of bounds": ({"settings": {"updateQps": 0}}, "at '/settings/updateQps'"),
    "a duration without a unit": ({"settings": {"interval": "10"}}, "at '/settings/interval'"),
    "an unknown level": ({"settings": {"logLevel": "loud"}}, "'debug', 'info', 'warning', 'error'"),
    "an unknown word for the air": ({"settings": {"onAir": "Never"}}, "'Apply', 'Wait'"),
    "a namespace that can't be": ({"watchNamespaces": ["A B"]}, "at '/watchNamespaces/0'"),
    "a key that isn't a made-up one's": (
        {"emulator": {"accessKeyId": "a:b"}},
        "at '/emulator/accessKeyId'",
    ),
    "two replicas without a Lease": (
        {"leaderElection": {"enabled": False}},
        "every call would be made twice. Set replicaCount to 1",
    ),
    "no time for calls in flight": (
        {"terminationGracePeriodSeconds": 20},
        "terminationGracePeriodSeconds must be more than settings.stopTimeout",
    ),
    "a real key for the emulator": (
        {"emulator": {"enabled": True}, "credentials": {"existingSecret": "operator-key"}},
        "leave settings.liveEndpoint, credentials.existingSecret",
    ),
    "another endpoint than the emulator": (
        {"emulator": {"enabled": True}, "settings": {"liveEndpoint": "http://live.example"}},
        "leave settings.liveEndpoint, credentials.existingSecret",
    ),
    "two kinds of own credentials": (
        {"credentials": {"existingSecret": "operator-key", "rrsa": {"roleName": "audio"}}},
        "credentials.existingSecret would go before credentials.rrsa.roleName",
    ),
    "metrics for a few only, and no policy that says so": (
        {"networkPolicy": {"metricsFrom": [{"podSelector": {}}]}},
        "Turn the policy on, or leave metricsFrom empty",
    ),
    "own credentials that a policy wouldn't know of": (
        {"extraArgs": ["--own-credentials=studio-a"]},
        "Write settings.ownCredentials instead",
    ),
    "a range of characters that is empty": (
        {"settings": {"ownCredentials": ["studio-[z-a]"]}},
        "in [z-a] the range z-a runs backwards. Write its lower end first",
    ),
    "Secrets of a namespace that isn't served": (
        {"watchNamespaces": ["studio-a"], "rbac": {"secrets": {"namespaces": ["studio-b"]}}},
        "names studio-b, which is not in watchNamespaces",
    ),
}


def objects(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each that may have properties, with the references followed."""
    if "$ref" in schema:
        schema = SCHEMA["definitions"][schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "object":
        yield path, schema
    for name, below in schema.get("properties", {}).items():
        yield from objects(below, f"{path}.{name}".removeprefix("."))


def is_set(values: Mapping[str, Any], key: str) -> bool:
    first, _, rest = key.partition(".")
    return first in values and (not rest or is_set(values[first], rest))


def without(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    first, _, rest = key.partition(".")
    left = {name: below for name, below in values.items() if name != first}
    return left | {first: without(values[first], rest)} if rest else left


def outcome(helm: Helm, values: Mapping[str, Any]) -> object:
    """What is rendered, or that it is refused."""
    return outcome_of_text(helm, json.dumps(values))


@cache
def outcome_of_text(helm: Helm, values: str) -> object:
    try:
        made = rendered(helm, json.loads(values), "--api-versions", PROMETHEUS_KINDS)
        return made.by_identity()
    except HelmError:
        return "refused"


@pytest.mark.parametrize(("values", "words"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_words_that_help(
    helm: Helm, values: Mapping[str, Any], words: str
) -> None:
    assert words in refusal(helm, values)


def test_every_object_of_the_schema_says_what_it_holds() -> None:
    open_ones = {path for path, schema in objects(SCHEMA) if "additionalProperties" not in schema}

    assert open_ones == FREE


def test_the_schema_names_the_chart_s_values_and_a_parent_s_one() -> None:
    assert set(SCHEMA["properties"]) - set(VALUES) == {"enabled"}
    assert set(VALUES) <= set(SCHEMA["properties"])


@pytest.mark.parametrize("key", DESCRIBED)
def test_each_value_is_set_by_some_values_file_and_makes_a_difference(
    helm4: Helm, key: str
) -> None:
    files = [yaml.safe_load(each.read_text()) for each in CI_VALUES]
    setting_it = [each for each in files if is_set(each, key)]
    assert setting_it, f"No file in the chart's ci/ sets {key}."

    assert any(outcome(helm4, without(each, key)) != outcome(helm4, each) for each in setting_it)


def test_a_parent_chart_may_hand_down_its_own(helm: Helm) -> None:
    assert rendered(helm, {"global": {"region": "cn"}, "enabled": True}).all


def test_where_the_cluster_chooses_the_user_none_is_named(helm: Helm) -> None:
    nobody = {"podSecurityContext": dict.fromkeys(("runAsUser", "runAsGroup", "fsGroup"))}

    assert rendered(helm, nobody).pod_spec()["securityContext"] == {
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
