"""The objects of one namespace as their user makes and changes them, and the emulator's journal."""

import json
import time
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kubernetes import config
from kubernetes.client import CoreV1Api, CustomObjectsApi

from dev.control_plane.plane import ControlPlane

GROUP, VERSION, PLURAL = "live.alibabacloud.com", "v1alpha1", "castersceneaudios"
CASTER = "LIVEPRODUCER_POST-cn-bench"
HANDS = 8
"""Requests of the user at once."""

LOOK_EVERY_S = 0.25
DONE = {"Applied", "InSync"}
TIMEOUT_S = 30.0


class Scenes:
    """Every object has a scene of its own, and one layer."""

    def __init__(self, plane: ControlPlane, namespace: str, studio_url: str) -> None:
        client = config.new_client_from_config(f"{plane.kubeconfig}")
        self.namespace = namespace
        self._objects = CustomObjectsApi(client)
        self._place = (GROUP, VERSION, namespace, PLURAL)
        self._studio_url = studio_url
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        CoreV1Api(client).create_namespace({"metadata": {"name": namespace}})

    def create(self, names: Iterable[str]) -> None:
        """Many at once, in no order."""
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(self._create, names))

    def change(self, names: Iterable[str], volume: float) -> None:
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(lambda name: self.change_one(name, volume), names))

    def change_one(self, name: str, volume: float) -> float:
        """When the user's request left, by the clock that no one sets, in seconds."""
        began = time.monotonic()
        patch = {"spec": {"layers": [_layer(volume)]}}
        self._objects.patch_namespaced_custom_object(
            *self._place, name, patch, _content_type="application/merge-patch+json"
        )
        return began

    def until_applied(self, *, within_s: float) -> None:
        """Return once each status tells of the present spec; raises TimeoutError."""
        deadline = time.monotonic() + within_s
        while not self._are_applied():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not all objects were applied within {within_s:.0f} s")
            time.sleep(LOOK_EVERY_S)

    def updates(self) -> list[dict[str, Any]]:
        """The journal's update calls, the oldest first."""
        path = "/emulator/calls?action=UpdateCasterSceneAudio"
        with self._opener.open(f"{self._studio_url}{path}", timeout=TIMEOUT_S) as answer:
            calls: list[dict[str, Any]] = json.load(answer)["calls"]
        return calls

    def called_at(self, name: str, volume: float, *, within_s: float) -> float:
        """When the emulator saw the volume arrive, by the same clock; raises TimeoutError."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            for call in reversed(self.updates()):
                sent = call["parameters"]
                if sent["SceneId"] == name and float(sent["AudioLayer.1.VolumeRate"]) == volume:
                    return float(call["startedMonotonic"])
            time.sleep(LOOK_EVERY_S)
        raise TimeoutError(f"no call for {name} within {within_s:.0f} s")

    def _create(self, name: str) -> None:
        spec = {"casterId": CASTER, "sceneId": name, "layers": [_layer(1.0)]}
        body = {
            "apiVersion": f"{GROUP}/{VERSION}",
            "kind": "CasterSceneAudio",
            "metadata": {"name": name},
            "spec": spec,
        }
        self._objects.create_namespaced_custom_object(*self._place, body)

    def _are_applied(self) -> bool:
        found = self._objects.list_namespaced_custom_object(*self._place)["items"]
        return all(_is_applied(body) for body in found)


def _layer(volume: float) -> dict[str, Any]:
    return {"locationId": "RV01", "volumeRate": volume}


def _is_applied(body: dict[str, Any]) -> bool:
    generation = body["metadata"]["generation"]
    conditions = body.get("status", {}).get("conditions", [])
    ready = next((each for each in conditions if each["type"] == "Ready"), None)
    if ready is None:
        return False
    return ready["observedGeneration"] == generation and ready["reason"] in DONE
