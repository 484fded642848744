"""The chart as Helm renders it, and as Helm refuses to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dev.chart.generated import CHART
from dev.helm.command import Helm

RELEASE = "caster-scene-audio-operator"
NAMESPACE = "audio"
CI_VALUES = sorted((CHART / "ci").glob("*-values.yaml"))
PROMETHEUS_KINDS = ",".join(
    f"monitoring.coreos.com/v1/{kind}"
    for kind in ("ServiceMonitor", "PodMonitor", "PrometheusRule")
)

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Manifests:
    """What one rendering made."""

    all: Sequence[Manifest]

    def of(self, kind: str, component: str | None = None) -> list[Manifest]:
        return [
            each
            for each in self.all
            if each["kind"] == kind and component in {None, component_of(each)}
        ]

    def one(self, kind: str, component: str = "operator") -> Manifest:
        [found] = self.of(kind, component)
        return found

    def pods(self) -> Iterator[tuple[str, Manifest]]:
        """The name, metadata and spec of every pod that would run."""
        for each in self.all:
            name = f"{each['kind']}/{each['metadata']['name']}"
            if each["kind"] == "Pod":
                yield name, each
            elif template := each.get("spec", {}).get("template"):
                yield name, template

    def container(self, component: str = "operator") -> Manifest:
        """The first of a Deployment's pods."""
        found: Manifest = self.pod_spec(component)["containers"][0]
        return found

    def pod_spec(self, component: str = "operator") -> Manifest:
        found: Manifest = self.one("Deployment", component)["spec"]["template"]["spec"]
        return found

    def by_identity(self) -> dict[tuple[str, str, str], Manifest]:
        return {
            (each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]): each
            for each in self.all
        }


def component_of(manifest: Manifest) -> str | None:
    found: str | None = manifest["metadata"].get("labels", {}).get("app.kubernetes.io/component")
    return found


def rendered(
    helm: Helm, values: Path | Mapping[str, Any] | None = None, *options: str, chart: Path = CHART
) -> Manifests:
    """With these values over the chart's own; raises HelmError."""
    text = helm("template", *_arguments(chart, *options), stdin=_text(values))
    return Manifests([each for each in yaml.safe_load_all(text) if each])


def refusal(helm: Helm, values: Mapping[str, Any]) -> str:
    """What Helm says instead of rendering."""
    answer = helm.run("template", *_arguments(CHART), stdin=_text(values))
    assert answer.returncode, "It was rendered."
    return answer.stderr


def notes(helm: Helm, values: Path | Mapping[str, Any] | None = None) -> str:
    """What is told after an installation."""
    text = helm("install", "--dry-run=client", *_arguments(CHART), stdin=_text(values))
    return text.partition("\nNOTES:\n")[2]


def _arguments(chart: Path, *options: str) -> list[str]:
    return [RELEASE, f"{chart}", "--namespace", NAMESPACE, "--values", "-", *options]


def _text(values: Path | Mapping[str, Any] | None) -> str:
    return values.read_text() if isinstance(values, Path) else json.dumps(values or {})
