"""The operator's command line, as the operator itself reads it."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from caster_scene_audio.cli import parse
from caster_scene_audio.settings import Settings
from dev.chart.generated import CHART
from dev.helm.command import Helm
from tests.support.chart.chart import NAMESPACE, RELEASE, refusal, rendered

SCHEMA = json.loads((CHART / "values.schema.json").read_text())
OWN = yaml.safe_load((CHART / "values.yaml").read_text())["settings"]
# What the chart derives from other values.
ELSEWHERE = {
    "namespace",
    "selector",
    "leader_elect",
    "lease_name",
    "lease_namespace",
    "lease_duration",
}
IN_A_POD = {"http_host": "0.0.0.0", "http_port": 8081}  # noqa: S104 (the pod's own address)


def settings(helm4: Helm, values: Mapping[str, Any] | None = None) -> Settings:
    return parse(rendered(helm4, values).container()["args"], {})


def snake(name: str) -> str:
    return re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", name)


def test_each_setting_of_the_operator_is_a_value() -> None:
    assert {snake(name) for name in OWN} == set(Settings.model_fields) - ELSEWHERE


def test_numbers_are_bounded_as_the_operator_bounds_them() -> None:
    """So that a value is refused by Helm, not by a pod that doesn't start."""
    bounds = {"minimum", "maximum"}
    theirs = Settings.model_json_schema()["properties"]
    ours = SCHEMA["properties"]["settings"]["properties"]
    numbers = {name: it for name, it in ours.items() if bounds & it.keys()}

    assert len(numbers) >= 6
    for name, schema in numbers.items():
        wanted = {bound: theirs[snake(name)][bound] for bound in bounds}
        if name == "httpPort":
            wanted["minimum"] = 1024  # a pod without rights on its node listens above that
        assert {bound: schema[bound] for bound in bounds} == wanted, name


@pytest.mark.parametrize("duration", ["4s", "301s", "6m", "1m30s", "90", "15.5s"])
def test_a_lease_that_the_operator_would_refuse_is_refused(helm4: Helm, duration: str) -> None:
    told = refusal(helm4, {"leaderElection": {"leaseDuration": duration}})

    assert "at '/leaderElection/leaseDuration'" in told


@pytest.mark.parametrize("duration", ["5s", "90s", "300s", "5m"])
def test_a_lease_that_is_taken_is_one_for_the_operator(helm4: Helm, duration: str) -> None:
    assert settings(helm4, {"leaderElection": {"leaseDuration": duration}}).leader_elect


def test_the_defaults_are_the_operator_s_own_but_for_what_a_pod_needs(helm4: Helm) -> None:
    told = settings(helm4).model_dump(exclude=ELSEWHERE)

    assert told == Settings().model_dump(exclude=ELSEWHERE) | IN_A_POD


def test_what_is_set_reaches_the_operator(helm4: Helm) -> None:
    wanted = {
        "liveEndpoint": ["https://live.example", "us-east-1=https://live.us.example"],
        "liveNetwork": "vpc",
        "stsEndpoint": "https://sts.example:8443",
        "liveProxy": "http://proxy.example:3128",
        "ownCredentials": ["studio-a=LIVE-*,CASTER-1", "live-?"],
        "onAir": "Wait",
        "updateQps": 5.5,
        "readQps": 1000,
        "maxInFlight": 1,
        "interval": "1h30m",
        "intervalFloor": "45s",
        "backoff": ["busy=3:120", "access=0.5"],
        "connectTimeout": 0.5,
        "liveTimeout": 300,
        "stopTimeout": 0,
        "httpHost": "::",
        "httpPort": 9090,
        "watchSilence": "5m",
        "changeLog": "log",
        "otlpEndpoint": "http://collector:4318",
        "logFormat": "json",
        "logLevel": "warning",
    }
    assert set(wanted) == set(OWN)

    told = settings(helm4, {"settings": wanted}).model_dump(exclude=ELSEWHERE)

    assert told == Settings.model_validate(
        {snake(name): value for name, value in wanted.items()}
    ).model_dump(exclude=ELSEWHERE)


def test_all_namespaces_are_served_unless_some_are_named(helm4: Helm) -> None:
    assert settings(helm4).namespace == ()
    assert settings(helm4, {"watchNamespaces": ["a", "b-2"]}).namespace == ("a", "b-2")


@pytest.mark.parametrize("selector", ["team=audio", "tier in (a, b), !legacy"])
def test_a_selector_reaches_the_operator(helm4: Helm, selector: str) -> None:
    assert settings(helm4, {"selector": selector}).selector == selector


def test_replicas_elect_one_by_a_lease_of_the_release(helm4: Helm) -> None:
    told = settings(helm4)

    assert told.leader_elect
    assert told.lease_name == RELEASE
    assert told.lease_namespace == NAMESPACE
    assert told.lease_duration == 15


def test_without_leader_election_no_lease_is_spoken_of(helm4: Helm) -> None:
    alone = {"replicaCount": 1, "leaderElection": {"enabled": False}}

    assert not settings(helm4, alone).leader_elect
    assert not [word for word in rendered(helm4, alone).container()["args"] if "lease" in word]


def test_more_arguments_come_last_and_win(helm4: Helm) -> None:
    assert settings(helm4, {"extraArgs": ["--log-level", "debug"]}).log_level == "debug"


@pytest.mark.parametrize("values", [{}, {"emulator": {"enabled": True}}])
def test_no_argument_is_a_key(helm4: Helm, values: Mapping[str, Any]) -> None:
    said = str(
        [pod["spec"]["containers"][0].get("args") for _, pod in rendered(helm4, values).pods()]
    )

    assert "testsecret" not in said
