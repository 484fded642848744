"""A layer as one who uses an official SDK writes it."""

import json
from typing import Any

from caster_scene_audio.adapters.live.parameters import layer_parameters
from caster_scene_audio.domain.spec import Layer


def sdk_members(layer: Layer) -> dict[str, Any]:
    """By the service's names, numbers as numbers; the newer SDK spells the names in snake_case.

    Which words stand for what is held by `test_live_parameters` and the recorded requests.
    """
    return {name: _typed(text) for name, text in layer_parameters(layer).items()}


def _typed(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, dict) else value
