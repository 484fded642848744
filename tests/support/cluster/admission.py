"""Whether the API server would take a spec: asked over one connection, and nothing is kept."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kubernetes import config
from kubernetes.client import ApiClient, ApiException, CustomObjectsApi

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.scene_audios import GROUP, PLURAL, VERSION

REJECTED = {(400, "BadRequest"), (422, "Invalid")}
"""For what the object says; with any other answer the server gave no verdict."""


@dataclass(frozen=True, slots=True)
class Taken:
    spec: Any
    """As it would be stored."""


@dataclass(frozen=True, slots=True)
class Rejected:
    message: str


class Admission:
    def __init__(self, client: ApiClient) -> None:
        self._objects = CustomObjectsApi(client)

    def verdict(self, spec: object) -> Taken | Rejected:
        """Of a create by someone who wants to know of unknown fields, as kubectl does."""
        body = {
            "apiVersion": f"{GROUP}/{VERSION}",
            "kind": "CasterSceneAudio",
            "metadata": {"name": "wanted"},
            "spec": spec,
        }
        place = (GROUP, VERSION, "default", PLURAL)
        try:
            stored = self._objects.create_namespaced_custom_object(
                *place, body, dry_run="All", field_validation="Strict"
            )
        except ApiException as error:
            answer = json.loads(error.body)
            if (error.status, answer["reason"]) not in REJECTED:
                raise
            return Rejected(answer["message"])
        return Taken(stored["spec"])


@contextmanager
def admission_of(plane: ControlPlane) -> Iterator[Admission]:
    with config.new_client_from_config(f"{plane.kubeconfig}") as client:
        yield Admission(client)
