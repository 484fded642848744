"""The emulator's control API, as far as a demonstration looks into the studio and arranges it."""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any

from dev.demo.audio import Audio, Layer, processing, volume
from dev.demo.failure import StepError

TIMEOUT_S = 10.0
CHANNELS = {"all": "all", "leftChannel": "left", "rightChannel": "right"}
NOISE = {0: "speech", 1: "music"}
VOICES = {0: "magnetic male", 1: "fresh female"}


class Studio:
    """The studio at this address. What is on this machine needs no proxy, whatever is set."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def answers(self) -> bool:
        try:
            return bool(self._ask("GET", "/emulator/health")["status"] == "ok")
        except StepError:
            return False

    def scene_url(self, caster: str, scene: str) -> str:
        """Where the control API has the scene."""
        return f"{self.url}/emulator/scenes/{caster}/{scene}"

    def audio(self, caster: str, scene: str) -> Audio:
        found = self._ask("GET", f"/emulator/scenes/{caster}/{scene}")["audio"]
        return Audio(
            follows_video=found["followEnable"] == 1,
            layers=tuple(_layer(each) for each in found["layers"]),
        )

    def put_in_channel(self, caster: str, scene: str, *, in_channel: bool) -> None:
        """While it is in a channel every update of the scene is answered with 412."""
        self._ask("PATCH", f"/emulator/scenes/{caster}/{scene}", {"inChannel": in_channel})

    def mix(self, caster: str, scene: str, volumes: Mapping[str, float]) -> None:
        """Set the scene's audio past the service's calls."""
        layers = [{"locationId": where, "volumeRate": rate} for where, rate in volumes.items()]
        audio = {"followEnable": 0, "layers": layers}
        self._ask("PATCH", f"/emulator/scenes/{caster}/{scene}", {"audio": audio})

    def answers_given(self, caster: str, scene: str) -> list[str]:
        """The code of each update of the scene that came so far, the oldest first."""
        path = f"/emulator/calls?action=UpdateCasterSceneAudio&casterId={caster}&sceneId={scene}"
        return [call["code"] for call in self._ask("GET", path)["calls"]]

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 (the address is the emulator's own)
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                found: dict[str, Any] = json.load(answer)
        except OSError as error:
            raise StepError(f"The studio was to answer {method} {path}: {error}") from error
        return found


def _layer(found: dict[str, Any]) -> Layer:
    switches = found["filter"]
    return Layer(
        location=found["locationId"],
        volume=volume(found["volumeRate"]),
        channel=CHANNELS[found["validChannel"]],
        delay_ms=found["fixedDelayDuration"],
        processing=processing(
            gain=switches["enableAgc"] == 1,
            noise=NOISE[switches["ansMode"]] if switches["enableAns"] else None,
            voice=VOICES[switches["voiceBeautifyMode"]] if switches["enableBeautify"] else None,
        ),
    )
