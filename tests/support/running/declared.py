"""A stage on which scenes are read back each second, and the audio that its objects declare."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dev.control_plane.plane import ControlPlane
from live_emulator.dials import DESCRIBE_AUDIO
from tests.support.cluster.scene_audios import Body, conditions_of, scene_of
from tests.support.running.emulator_thread import LiveService
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

EACH_SECOND = ("--interval=1s", "--interval-floor=1s")
LAYERS: list[Body] = [
    {"locationId": "RV01", "volumeRate": 0.9, "validChannel": "LeftChannel"},
    {"locationId": "RV02", "fixedDelayMilliseconds": 200},
]
DECLARED: Body = {"followMode": "AudioMixing", "layers": LAYERS}
AUDIO: Body = {
    "followEnable": 0,
    "layers": [
        {
            "locationId": "RV01",
            "volumeRate": 0.9,
            "validChannel": "leftChannel",
            "fixedDelayDuration": 0,
        },
        {
            "locationId": "RV02",
            "volumeRate": 1.0,
            "validChannel": "all",
            "fixedDelayDuration": 200,
        },
    ],
}
"""What the emulator has once DECLARED is applied; without the filters."""


@pytest.fixture
def declared(crds: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    """The operator serves, and reads each scene back once a second."""
    with set_stage(crds, tmp_path) as stage:
        stage.operator.flags = EACH_SECOND
        stage.operator.start()
        yield stage


def audio_of(live: LiveService, name: str) -> Body:
    """Of an object's scene, without the filters."""
    audio: Body = live.scene(scene_of(name))["audio"]
    layers = [
        {field: value for field, value in layer.items() if field != "filter"}
        for layer in audio["layers"]
    ]
    return {"followEnable": audio["followEnable"], "layers": layers}


def until_read(live: LiveService, name: str, *, times: int = 2) -> None:
    """Return once the scene was read so many times more."""
    scene = scene_of(name)
    before = len(live.calls(scene, action=DESCRIBE_AUDIO))
    eventually(lambda: len(live.calls(scene, action=DESCRIBE_AUDIO)) >= before + times)


def said_of(body: Body, type_: str = "Ready") -> Any:
    """A condition's message; None where there is no such condition."""
    return conditions_of(body["status"]).get(type_, {}).get("message")
