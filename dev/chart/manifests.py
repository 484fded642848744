"""What kubectl applies where there is no Helm: the chart, rendered as it comes."""

import re
from collections.abc import Sequence

from dev.helm.command import Helm

NAMESPACE = "caster-scene-audio"
RELEASE = "caster-scene-audio-operator"

RIGHTS = ("serviceaccount", "rbac", "rbac-leases")
ADVICE = ("admission-advice",)
PROGRAM = ("deployment", "service", "poddisruptionbudget")

HEADER = "# Made from the chart by `make chart`.\n"
NAMESPACE_MANIFEST = f"""\
apiVersion: v1
kind: Namespace
metadata:
  name: {NAMESPACE}
  labels:
    pod-security.kubernetes.io/enforce: restricted
---
"""

# Of Helm alone: its comments, and labels that speak of a release.
_HELMS_OWN = re.compile(
    r"^(# Source: .*|\s*helm\.sh/chart: .*|\s*app\.kubernetes\.io/managed-by: Helm|)\n",
    re.MULTILINE,
)


def rights(helm: Helm, chart: str) -> str:
    """A namespace and an account in it, with all that it may do."""
    return HEADER + NAMESPACE_MANIFEST + _rendered(helm, chart, RIGHTS)


def advice(helm: Helm, chart: str) -> str:
    """What the API server warns of when an object is applied."""
    return HEADER + _rendered(helm, chart, ADVICE)


def program(helm: Helm, chart: str) -> str:
    """The operator itself, which runs as that account."""
    return HEADER + _rendered(helm, chart, PROGRAM)


def _rendered(helm: Helm, chart: str, templates: Sequence[str]) -> str:
    shown = [f"--show-only=templates/{name}.yaml" for name in templates]
    text = helm("template", RELEASE, chart, "--namespace", NAMESPACE, *shown)
    return _HELMS_OWN.sub("", text).removeprefix("---\n")
