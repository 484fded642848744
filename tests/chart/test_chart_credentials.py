"""Where the operator's own credentials come from."""

from collections.abc import Mapping
from typing import Any

import pytest

from dev.helm.command import Helm
from live_emulator.settings import settings_from
from tests.support.chart.chart import NAMESPACE, RELEASE, Manifest, rendered

ROLE = "pod-identity.alibabacloud.com/role-name"
INJECTION = "pod-identity.alibabacloud.com/injection"
KEYS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "access-key-id",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "access-key-secret",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "security-token",
}


def environment(container: Manifest) -> dict[str, Manifest]:
    return {each["name"]: each for each in container.get("env", [])}


def from_secrets(container: Manifest) -> dict[str, tuple[str, str]]:
    """The Secret and its key, by variable."""
    refs = {
        name: each["valueFrom"]["secretKeyRef"]
        for name, each in environment(container).items()
        if "valueFrom" in each
    }
    return {name: (ref["name"], ref["key"]) for name, ref in refs.items()}


def test_without_any_the_operator_is_given_no_key(helm4: Helm) -> None:
    assert from_secrets(rendered(helm4).container()) == {}


def test_a_secret_that_is_there_gives_the_key(helm4: Helm) -> None:
    values = {"credentials": {"existingSecret": "operator-key"}}
    container = rendered(helm4, values).container()

    assert from_secrets(container) == {name: ("operator-key", key) for name, key in KEYS.items()}


def test_only_a_token_may_be_missing_from_it(helm4: Helm) -> None:
    values = {"credentials": {"existingSecret": "operator-key"}}
    found = environment(rendered(helm4, values).container())

    optional = {name for name in KEYS if found[name]["valueFrom"]["secretKeyRef"].get("optional")}

    assert optional == {"ALIBABA_CLOUD_SECURITY_TOKEN"}


def test_a_ram_role_is_told_to_the_webhook_of_rrsa(helm4: Helm) -> None:
    made = rendered(helm4, {"credentials": {"rrsa": {"roleName": "caster-audio"}}})
    pod = made.one("Deployment")["spec"]["template"]

    assert made.one("ServiceAccount")["metadata"]["annotations"] == {ROLE: "caster-audio"}
    assert pod["metadata"]["labels"][INJECTION] == "on"
    assert pod["spec"]["securityContext"]["fsGroup"], "else the token that is mounted can't be read"


def test_without_a_ram_role_nothing_speaks_of_rrsa(helm4: Helm) -> None:
    assert "pod-identity" not in str(rendered(helm4).all)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, {"name": "ALIBABA_CLOUD_ECS_METADATA_DISABLED", "value": "true"}),
        ({"credentials": {"ecsRole": {"enabled": True}}}, None),
    ],
    ids=["by default", "where the role is wanted"],
)
def test_the_ecs_metadata_address_is_asked_only_where_it_is_wanted(
    helm4: Helm, values: Mapping[str, Any], told: Manifest | None
) -> None:
    found = environment(rendered(helm4, values).container())

    assert found.get("ALIBABA_CLOUD_ECS_METADATA_DISABLED") == told


class TestTheEmulator:
    VALUES: Mapping[str, Any] = {
        "emulator": {"enabled": True, "accessKeyId": "an-id", "accessKeySecret": "a-secret"}
    }

    def test_it_is_there_only_when_asked_for(self, helm4: Helm) -> None:
        assert not [name for name, _ in rendered(helm4).pods() if "emulator" in name]
        assert rendered(helm4, self.VALUES).one("Deployment", "emulator")

    def test_operator_and_emulator_take_the_key_from_one_secret(self, helm4: Helm) -> None:
        made = rendered(helm4, self.VALUES)
        secret = made.one("Secret", "emulator")
        name = secret["metadata"]["name"]

        assert secret["stringData"] == {"access-key-id": "an-id", "access-key-secret": "a-secret"}
        assert from_secrets(made.container()) == {it: (name, key) for it, key in KEYS.items()}
        assert set(from_secrets(made.container("emulator")).values()) == {
            (name, "access-key-id"),
            (name, "access-key-secret"),
        }

    def test_the_emulator_reads_the_key_out_of_its_environment(self, helm4: Helm) -> None:
        made = rendered(helm4, self.VALUES)
        container = made.container("emulator")
        held = made.one("Secret", "emulator")["stringData"]
        variables = {it: held[key] for it, (_, key) in from_secrets(container).items()}
        for name, each in environment(container).items():
            if "value" in each:  # as the kubelet expands it
                text = each["value"]
                for known, value in dict(variables).items():
                    text = text.replace(f"$({known})", value)
                variables[name] = text

        told = settings_from(container["args"], variables)

        assert container["command"] == ["live-emulator"]
        [key] = told.access_keys
        assert (key.access_key_id, key.secret) == ("an-id", "a-secret")
        assert (told.host, told.port) == ("0.0.0.0", 8080)  # noqa: S104 (the pod's own address)

    def test_the_operator_calls_the_emulator_s_service(self, helm4: Helm) -> None:
        made = rendered(helm4, self.VALUES)
        arguments = made.container()["args"]
        service = made.one("Service", "emulator")

        assert arguments[arguments.index("--live-endpoint") + 1] == (
            f"http://{service['metadata']['name']}.{NAMESPACE}.svc:{service['spec']['ports'][0]['port']}"
        )
        assert service["metadata"]["name"] == f"{RELEASE}-emulator"

    def test_another_key_restarts_both(self, helm4: Helm) -> None:
        other = {"emulator": {**self.VALUES["emulator"], "accessKeySecret": "another"}}

        before, after = (
            [
                pod["metadata"]["annotations"]
                for name, pod in rendered(helm4, it).pods()
                if "Depl" in name
            ]
            for it in (self.VALUES, other)
        )

        assert len(before) == 2
        assert all(one != two for one, two in zip(before, after, strict=True))
