"""Asks the API server over one open connection: a kubectl for each question would take its time."""

import base64
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import yaml

from dev.control_plane.plane import ControlPlane

GROUP_VERSION = "live.alibabacloud.com/v1alpha1"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any

    @property
    def is_accepted(self) -> bool:
        return self.status in {200, 201}

    @property
    def is_rejected(self) -> bool:
        """Rejected for what the object says; an ill request or a fault of the server is neither."""
        return self.status in {400, 422} and self.body["reason"] in {"BadRequest", "Invalid"}


class ApiServer:
    """The administrator's connection to the scenes of one namespace."""

    def __init__(self, plane: ControlPlane, namespace: str = "default") -> None:
        address = urlsplit(plane.server)
        context = _admin_context(plane)
        self._connection = HTTPSConnection(f"{address.hostname}", address.port, context=context)
        self._path = f"/apis/{GROUP_VERSION}/namespaces/{namespace}/castersceneaudios"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def would_create(self, body: Mapping[str, Any]) -> Answer:
        """What a create would answer; nothing is kept, and unknown fields are not let through."""
        query = urlencode({"dryRun": "All", "fieldValidation": "Strict"})
        content = {"Content-Type": "application/json"}
        self._connection.request("POST", f"{self._path}?{query}", json.dumps(body), content)
        response = self._connection.getresponse()
        return Answer(response.status, json.loads(response.read()))


def scene_audio(name: str, spec: object) -> dict[str, Any]:
    """A CasterSceneAudio as one would write it, right or wrong."""
    return {
        "apiVersion": GROUP_VERSION,
        "kind": "CasterSceneAudio",
        "metadata": {"name": name},
        "spec": spec,
    }


def _admin_context(plane: ControlPlane) -> ssl.SSLContext:
    access = yaml.safe_load(plane.kubeconfig.read_text())
    user, cluster = access["users"][0]["user"], access["clusters"][0]["cluster"]
    both = _decoded(user["client-certificate-data"]) + _decoded(user["client-key-data"])
    pair = plane.directory / "tests-admin.pem"  # ssl reads a client's pair from a file only
    pair.touch(mode=0o600)
    pair.write_text(both)
    context = ssl.create_default_context(cadata=_decoded(cluster["certificate-authority-data"]))
    context.load_cert_chain(Path(pair))
    return context


def _decoded(data: str) -> str:
    return base64.b64decode(data).decode()
