"""A day of a studio, drawn by a seed: changes, some of which fail at first, and drifts."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from tests.support.cluster.scene_audios import scene_of
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

NAMES = ("opening", "interview", "debate", "closing")
CHANGES, DRIFTS = 20, 5
FAILURES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ServiceUnavailable", {"code": "InternalError", "status": 500}),
    ("ResourceInChannel", {"code": "ResourceInChannel.Invalid", "status": 412}),
    ("ServiceUnavailable", {"code": "OperationConflict", "status": 409}),
    ("ClockSkewed", {"code": "SignatureNonceUsed", "status": 400}),
    ("Unreachable", {"kind": "drop"}),
)
"""The reason that an object shows, and what the service is told to do once."""

IN_HASTE = tuple(f"--backoff={name}=0.2:0.4" for name in ("transient", "busy", "clock"))
LOCATIONS = ("RV01", "RV02", "RV03", "RV04")
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"noiseReduction": "Speech"},
    {"automaticGainControl": True, "noiseReduction": "Music"},
    {"voiceBeautification": "FreshFemale"},
)

Spec = dict[str, Any]


@dataclass
class Life:
    """What happened, as the script knows it: by object, oldest first."""

    stage: Stage
    chance: Random
    specs: dict[str, Spec] = field(default_factory=dict)
    wished: dict[str, list[Spec]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    drifted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Which field, of which location."""

    def live(self) -> None:
        for name in NAMES:
            self.specs[name] = self._first()
            self.wished[name].append(self.specs[name])
            self.stage.objects.create(name, **self.specs[name])
            self.stage.objects.until_applied(name)
        for deed in self._deeds():
            deed()

    def _deeds(self) -> list[Callable[[], None]]:
        """In an order drawn by lot. Each object has the same share of the changes."""
        faults = [None] * (CHANGES - len(FAILURES)) + [*FAILURES]
        self.chance.shuffle(faults)
        deeds: list[Callable[[], None]] = [
            partial(self._change, NAMES[number % len(NAMES)], fault)
            for number, fault in enumerate(faults)
        ]
        deeds += [partial(self._drift, NAMES[number % len(NAMES)]) for number in range(DRIFTS)]
        self.chance.shuffle(deeds)
        return deeds

    def _first(self) -> Spec:
        locations = self.chance.sample(LOCATIONS, 2)
        return {"followMode": "AudioMixing", "layers": [self._layer(each) for each in locations]}

    def _layer(self, location: str) -> dict[str, Any]:
        return {
            "locationId": location,
            "volumeRate": self.chance.randrange(1, 200) / 100,
            "validChannel": self.chance.choice(["All", "LeftChannel", "RightChannel"]),
            "fixedDelayMilliseconds": self.chance.randrange(0, 5000, 40),
            "filter": self.chance.choice(FILTERS),
        }

    def _change(self, name: str, fault: tuple[str, dict[str, Any]] | None) -> None:
        if fault is not None:
            self.failed[name].append(fault[0])
            self.stage.live.fail(scene_of(name), **fault[1])
        self.specs[name] = self._another(self.specs[name])
        self.wished[name].append(self.specs[name])
        self.stage.objects.change(name, **self.specs[name])
        self.stage.objects.until_applied(name)

    def _another(self, spec: Spec) -> Spec:
        """One or two things otherwise."""
        changed = spec
        while changed == spec:
            for _ in range(self.chance.choice([1, 1, 2])):
                changed = self._altered(changed)
        return changed

    def _altered(self, spec: Spec) -> Spec:
        layers = [*spec["layers"]]
        deed = self.chance.choice(["mode", "add", "remove", "order", "field", "field", "field"])
        free = sorted({*LOCATIONS} - {each["locationId"] for each in layers})
        if deed == "mode":
            other = {"AudioMixing": "AudioFollowsVideo", "AudioFollowsVideo": "AudioMixing"}
            return {**spec, "followMode": other[spec["followMode"]]}
        if deed == "add" and free:
            layers.append(self._layer(self.chance.choice(free)))
        elif deed == "remove" and len(layers) > 1:
            layers.remove(self.chance.choice(layers))
        elif deed == "order":
            self.chance.shuffle(layers)
        else:
            at = self.chance.randrange(len(layers))
            drawn = self._layer(layers[at]["locationId"])
            name = self.chance.choice([each for each in drawn if each != "locationId"])
            layers[at] = {**layers[at], name: drawn[name]}
        return {**spec, "layers": layers}

    def _drift(self, name: str) -> None:
        """Somebody moves a fader, or a delay, in the console; the operator puts it back."""
        scene = scene_of(name)
        layers = self.stage.live.scene(scene)["audio"]["layers"]
        touched = self.chance.randrange(len(layers))
        field_name = self.chance.choice(["volumeRate", "fixedDelayDuration"])
        layers[touched][field_name] += 1
        told = {"volumeRate": "volumeRate", "fixedDelayDuration": "fixedDelayMilliseconds"}
        self.drifted[name].append(f"{layers[touched]['locationId']} {told[field_name]}")
        calls = len(self.stage.live.calls(scene))
        self.stage.live.patch_scene(scene, audio={"layers": layers})
        eventually(lambda: len(self.stage.live.calls(scene)) > calls)
        self.stage.objects.until(name, "DriftCorrected")
