"""Specs as a person writes them, right and wrong."""

from typing import Any

SCENE = {"casterId": "LIVEPRODUCER_POST-cn-demo", "sceneId": "scene-interview"}


def following(**fields: Any) -> dict[str, Any]:
    return {**SCENE, "followMode": "AudioFollowsVideo", **fields}


def layered(**fields: Any) -> dict[str, Any]:
    """One layer with these fields."""
    return {**SCENE, "layers": [{"locationId": "RV01", **fields}]}


def located(*locations: str) -> dict[str, Any]:
    """A layer for each location."""
    return {**SCENE, "layers": [{"locationId": location} for location in locations]}
