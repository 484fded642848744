"""Every file of the repository that is made from another, and what has to be in it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from dev.chart import manifests
from dev.chart.dashboard import dashboard
from dev.chart.definition import definition
from dev.chart.reference import reference
from dev.chart.values_table import table
from dev.helm.command import Helm

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "caster-scene-audio-operator"
CRD = ROOT / "crds" / "live.alibabacloud.com_castersceneaudios.yaml"
COMMANDS = ROOT / "operator" / "caster_scene_audio" / "commands"
ALERTS = ROOT / "monitoring" / "alerts.yaml"
DASHBOARD = ROOT / "monitoring" / "dashboard.json"
README = CHART / "README.md"

TABLE_BEGINS = "<!-- The table is made from values.yaml by `make chart`. -->\n"


def generated(helm: Helm) -> Mapping[Path, Callable[[], str]]:
    """What makes the text of each; in this order, as the chart's copy is made of the CRD."""
    return {
        CRD: _crd,
        CHART / "files" / "castersceneaudios.yaml": CRD.read_text,
        COMMANDS / "manifest" / "castersceneaudios.yaml": CRD.read_text,
        CHART / "files" / "alerts.yaml": ALERTS.read_text,
        DASHBOARD: dashboard,
        CHART / "files" / "dashboard.json": dashboard,
        README: _readme,
        ROOT / "docs" / "reference.md": _reference,
        ROOT / "deploy" / "rbac.yaml": partial(manifests.rights, helm, f"{CHART}"),
        ROOT / "deploy" / "advice.yaml": partial(manifests.advice, helm, f"{CHART}"),
        ROOT / "deploy" / "operator.yaml": partial(manifests.program, helm, f"{CHART}"),
    }


def _crd() -> str:
    return definition(CRD.read_text())


def _reference() -> str:
    return reference(CRD.read_text())


def _readme() -> str:
    written, _, _ = README.read_text().partition(TABLE_BEGINS)
    return f"{written}{TABLE_BEGINS}\n{table((CHART / 'values.yaml').read_text())}\n"
