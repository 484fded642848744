"""What is made from the chart, or for it, is what `make chart` would write now."""

import pytest

from dev.chart.generated import ROOT, generated
from dev.chart.values_table import UndescribedValueError, Value, described
from dev.helm.command import Helm

MADE = [
    "charts/caster-scene-audio-operator/README.md",
    "charts/caster-scene-audio-operator/files/alerts.yaml",
    "charts/caster-scene-audio-operator/files/castersceneaudios.yaml",
    "charts/caster-scene-audio-operator/files/dashboard.json",
    "crds/live.alibabacloud.com_castersceneaudios.yaml",
    "deploy/advice.yaml",
    "deploy/operator.yaml",
    "deploy/rbac.yaml",
    "docs/reference.md",
    "monitoring/dashboard.json",
    "operator/caster_scene_audio/commands/manifest/castersceneaudios.yaml",
]


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_is_fresh(helm4: Helm, name: str) -> None:
    made = generated(helm4)[ROOT / name]

    assert (ROOT / name).read_text() == made(), "Run `make chart`."


def test_nothing_is_made_that_is_not_compared(helm4: Helm) -> None:
    assert {f"{path.relative_to(ROOT)}" for path in generated(helm4)} == set(MADE)


def test_deploy_holds_nothing_that_is_not_made_from_the_chart() -> None:
    files = {f"{path.relative_to(ROOT)}" for path in (ROOT / "deploy").iterdir()}

    assert files <= set(MADE)


def test_a_value_is_described_by_the_comment_above_it() -> None:
    text = "# Apart.\n\n# How many\n# there are.\ncount: 2\nwhole:\n  # Its part.\n  part: [a]\n"

    assert list(described(text)) == [
        Value("count", 2, "How many there are."),
        Value("whole.part", ["a"], "Its part."),
    ]


@pytest.mark.parametrize("text", ["count: 2\n", "whole:\n  part: 1\n", "# Apart.\n\nwhole: {}\n"])
def test_a_value_without_a_comment_is_refused(text: str) -> None:
    with pytest.raises(UndescribedValueError):
        list(described(text))
