"""What a fader that was moved comes to: YAML, a command, and the change itself."""

import json
import shlex
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from caster_scene_audio.commands.cluster.cluster import Body, Cluster, Refused
from caster_scene_audio.commands.manifest.writing import as_yaml, manifest_of

MANAGER = "caster-scene-audio-desk"
TRIES = 3
"""A status that is written in between makes the object another; the spec is as it was."""


IsOnAir = Callable[[Body], Awaitable[bool | None]]
"""Of the scene that a spec names; None: that isn't known."""


class Unwanted(Exception):  # noqa: N818 (named for what is the case)
    """The change can't be made; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One fader, as the page saw its object when it was moved."""

    namespace: str
    name: str
    uid: str
    generation: int
    location: str
    volume: float


def move_from(said: Any) -> Move:
    """Raises Unwanted for whatever the page wouldn't send."""
    if not isinstance(said, dict) or said.keys() != _KINDS.keys():
        raise Unwanted(f"Expected an object with {', '.join(_KINDS)}.")
    for name, kinds in _KINDS.items():
        if type(said[name]) not in kinds:
            raise Unwanted(f"{name} is of the wrong kind.")
    if not 0 <= said["volume"] <= 10:
        raise Unwanted("volume must be from 0 to 10.")
    return Move(**said)


_KINDS: dict[str, tuple[type, ...]] = {
    "namespace": (str,),
    "name": (str,),
    "uid": (str,),
    "generation": (int,),
    "location": (str,),
    "volume": (int, float),
}


async def proposal(cluster: Cluster, move: Move, is_on_air: IsOnAir) -> dict[str, Any]:
    """What to write, who wrote the layers so far, and whether it would be heard at once."""
    body = await _as_seen(cluster, move)
    index, layers = _moved(body, move)
    spec = {**body["spec"], "layers": layers}
    return {
        "yaml": as_yaml(_manifest(move, spec)),
        "command": _command(move, index),
        "owners": sorted(_owners(body)),
        "waits": spec.get("onAir") == "Wait",
        "air": await is_on_air(spec),
    }


async def apply(cluster: Cluster, move: Move) -> None:
    """By server-side apply, as a field manager of its own; raises Trouble or Unwanted.

    It takes the list of layers over from who had it: a list is one field. The object must be as the page
    showed it, so that nobody's newer change is lost.
    """
    for number in range(TRIES):
        body = await _as_seen(cluster, move)
        _, layers = _moved(body, move)
        wanted = _manifest(move, {"layers": layers})
        wanted["metadata"]["uid"] = move.uid
        wanted["metadata"]["resourceVersion"] = body["metadata"]["resourceVersion"]
        try:
            await cluster.apply(move.namespace, move.name, wanted, manager=MANAGER)
        except Refused as refused:
            if refused.status != HTTPStatus.CONFLICT or number == TRIES - 1:
                raise
        else:
            return


async def _as_seen(cluster: Cluster, move: Move) -> Body:
    body = await cluster.object(move.name, move.namespace)
    metadata = body["metadata"]
    if (metadata["uid"], metadata["generation"]) != (move.uid, move.generation):
        raise Unwanted(
            "Somebody else has changed this object meanwhile. Look at it, and move anew."
        )
    return body


def _moved(body: Body, move: Move) -> tuple[int, list[dict[str, Any]]]:
    layers = body["spec"].get("layers") or []
    places = [each["locationId"] for each in layers]
    if move.location not in places:
        raise Unwanted(
            f"spec.layers has no {move.location}: the studio has this layer, and the object leaves it"
            " to the studio. Write the layers into the object first."
        )
    index = places.index(move.location)
    volume = int(move.volume) if float(move.volume).is_integer() else move.volume
    return index, [
        {**each, "volumeRate": volume} if number == index else each
        for number, each in enumerate(layers)
    ]


def _manifest(move: Move, spec: dict[str, Any]) -> dict[str, Any]:
    return manifest_of(move.name, move.namespace, spec)


def _command(move: Move, index: int) -> str:
    """It changes nothing where the layers have moved meanwhile."""
    path = f"/spec/layers/{index}"
    patch = [
        {"op": "test", "path": f"{path}/locationId", "value": move.location},
        {"op": "add", "path": f"{path}/volumeRate", "value": move.volume},
    ]
    where = [move.name, "-n", move.namespace]
    return shlex.join(["kubectl", "patch", "csa", *where, "--type=json", "-p", json.dumps(patch)])


def _owners(body: Body) -> set[str]:
    """The field managers of the layers, but for the desk."""
    managed = body["metadata"].get("managedFields", ())
    return {
        each["manager"]
        for each in managed
        if "f:layers" in each.get("fieldsV1", {}).get("f:spec", {}) and each["manager"] != MANAGER
    }
