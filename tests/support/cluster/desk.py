"""One object as a person edits it by kubectl, in all the ways that there are."""

import json
from pathlib import Path
from typing import Any

import yaml

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.admission_policies import warnings
from tests.support.cluster.scene_audios import manifest


def mix(*layers: str, **spec: Any) -> dict[str, Any]:
    """Each layer as a location, or as a location and its volume: `RV01` or `RV01=0.5`."""
    parted = [layer.partition("=") for layer in layers]
    return {
        "layers": [
            {"locationId": location, **({"volumeRate": json.loads(rate)} if rate else {})}
            for location, _, rate in parted
        ],
        **spec,
    }


THREE = mix("RV01", "RV02", "RV03")


class Desk:
    """Each edit gives what kubectl writes to stderr; raises KubectlError."""

    def __init__(self, plane: ControlPlane, namespace: str, directory: Path) -> None:
        self._plane = plane
        self._namespace = namespace
        self._directory = directory

    def apply(self, spec: dict[str, Any]) -> list[str]:
        return self._say("apply", "-f", "-", stdin=self._written(spec))

    def apply_on_the_server(self, spec: dict[str, Any]) -> list[str]:
        forced = ("--server-side", "--force-conflicts")
        return self._say("apply", *forced, "-f", "-", stdin=self._written(spec))

    def replace(self, spec: dict[str, Any]) -> list[str]:
        return self._say("replace", "-f", "-", stdin=self._written(spec))

    def patch(self, spec: dict[str, Any], *how: str) -> list[str]:
        return self.patch_all({"spec": spec}, *how)

    def patch_all(self, patch: dict[str, Any], *how: str) -> list[str]:
        return self._say("patch", "csa", "show", "--type=merge", "-p", json.dumps(patch), *how)

    def apply_by_kustomize(self, spec: dict[str, Any]) -> list[str]:
        """As a merge patch over the three layers."""
        files = {
            "show.yaml": manifest("show", **THREE),
            "kustomization.yaml": {
                "resources": ["show.yaml"],
                "patches": [{"patch": self._written(spec)}],
            },
        }
        for name, content in files.items():
            (self._directory / name).write_text(yaml.safe_dump(content))
        return self._say("apply", "-k", f"{self._directory}")

    def _written(self, spec: dict[str, Any]) -> str:
        return json.dumps(manifest("show", **spec))

    def _say(self, *arguments: str, stdin: str | None = None) -> list[str]:
        return warnings(self._plane, f"--namespace={self._namespace}", *arguments, stdin=stdin)
