"""What a person reads after the installation."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from caster_scene_audio.domain.body import spec_from
from caster_scene_audio.domain.spec import SceneAudioSpec
from dev.helm.command import Helm
from live_emulator.studio import demo_scenes
from tests.support.chart.chart import NAMESPACE, RELEASE, notes

Case = tuple[Mapping[str, Any], str]

WATCHED: dict[str, Case] = {
    "all": ({}, "objects of all namespaces."),
    "some": ({"watchNamespaces": ["a", "b"]}, "objects of the namespaces a, b."),
}
CREDENTIALS: dict[str, Case] = {
    "none": ({}, "All others are Stalled: the operator has none of its own."),
    "a Secret": ({"credentials": {"existingSecret": "operator-key"}}, "the Secret operator-key."),
    "a RAM role": ({"credentials": {"rrsa": {"roleName": "audio"}}}, "the RAM role audio (RRSA)."),
    "the instance's role": (
        {"credentials": {"ecsRole": {"enabled": True}}},
        "from its environment or the role of the ECS instance.",
    ),
    "the environment": ({"extraEnv": [{"name": "A", "value": "b"}]}, "from its environment."),
    "the emulator": ({"emulator": {"enabled": True}}, "No real studio is touched."),
    "no Secrets": (
        {"rbac": {"secrets": {"enabled": False}}},
        "are Stalled: rbac.secrets.enabled is false.",
    ),
    "a RAM role of another's account": (
        {
            "credentials": {"rrsa": {"roleName": "audio"}},
            "serviceAccount": {"create": False, "name": "theirs"},
        },
        "Annotate the ServiceAccount theirs with it yourself:",
    ),
}
MISSING: dict[str, Case] = {
    "no Prometheus operator": (
        {"serviceMonitor": {"enabled": True}, "prometheusRule": {"enabled": True}},
        "There is no PrometheusRule and no ServiceMonitor:",
    ),
    "no definition": ({"crds": {"enabled": False}}, "is not part of this release"),
}
CASES = {**WATCHED, **CREDENTIALS, **MISSING}


@pytest.mark.parametrize(("values", "words"), CASES.values(), ids=CASES)
def test_they_say(helm4: Helm, values: Mapping[str, Any], words: str) -> None:
    told = notes(helm4, values)

    assert words in told
    others = {its_words for its_values, its_words in MISSING.values() if its_values != values}
    assert not [each for each in others if each in told]


def test_they_name_the_next_commands(helm4: Helm) -> None:
    told = notes(helm4)

    assert f"kubectl -n {NAMESPACE} rollout status deployment/{RELEASE}" in told
    assert f"helm test {RELEASE} -n {NAMESPACE}" in told


def test_no_line_is_left_of_a_template(helm4: Helm) -> None:
    told = notes(helm4, {"emulator": {"enabled": True}})

    assert "{{" not in told
    assert "<no value>" not in told
    assert "\n\n\n" not in told


@pytest.mark.parametrize("served", [[], ["studio-a"]], ids=["everywhere", "in a namespace"])
def test_the_object_that_they_show_is_one_of_a_scene_that_the_emulator_has(
    helm4: Helm, served: list[str]
) -> None:
    told = notes(helm4, {"emulator": {"enabled": True}, "watchNamespaces": served})
    _, _, rest = told.partition("kubectl apply -f - <<'END'\n")

    shown = yaml.safe_load(rest.partition("\nEND\n")[0])

    spec = spec_from(shown["spec"])
    assert isinstance(spec, SceneAudioSpec)
    assert (spec.caster_id, spec.scene_id) in {
        (scene.caster_id, scene.scene_id) for scene in demo_scenes()
    }
    assert shown["metadata"]["namespace"] == (served or ["default"])[0]
