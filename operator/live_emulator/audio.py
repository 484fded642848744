"""The audio of a scene: its layers, each with its place, and what an update changes."""

import struct
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from live_emulator.document import Document

Switch = Annotated[int, Field(ge=0, le=1, strict=True)]
Channel = Literal["leftChannel", "rightChannel", "all"]


def single_precision(volume: float) -> float:
    """The shortest decimal of the nearest 32-bit float, which is what the service keeps."""
    kept = _as_single(volume)
    for digits in range(1, 10):
        shortest = float(f"{kept:.{digits}g}")
        if _as_single(shortest) == kept:
            return shortest
    return kept


def _as_single(number: float) -> float:
    packed: tuple[float] = struct.unpack("<f", struct.pack("<f", number))
    return packed[0]


VolumeRate = Annotated[float, Field(ge=0, le=10), AfterValidator(single_precision)]


class Filter(Document):
    """3A of one layer, in the service's own spelling. It can't be read back over the API."""

    enable_agc: Switch = 0
    enable_ans: Switch = 0
    ans_mode: Switch = 0
    enable_beautify: Switch = 0
    voice_beautify_mode: Switch = 0


class Layer(Document):
    """One audio layer at one location; what is left out is the documented default."""

    location_id: str = Field(min_length=1)
    volume_rate: VolumeRate = 1.0
    valid_channel: Channel = "all"
    fixed_delay_duration: Annotated[int, Field(ge=0, le=5000, strict=True)] = 0
    filter: Filter = Filter()


class Audio(Document):
    """A scene's audio. A new scene's audio follows its video, as the service documents."""

    follow_enable: Switch = 1
    layers: tuple[Layer, ...] = ()


class AudioChange(Document):
    """What an update sets; None leaves what was."""

    follow_enable: Switch | None = None
    layers: tuple[Layer, ...] | None = None

    def applied_to(self, audio: Audio) -> Audio:
        """Given layers replace the whole list: fewer than before remove the others."""
        return Audio(
            follow_enable=audio.follow_enable if self.follow_enable is None else self.follow_enable,
            layers=audio.layers if self.layers is None else self.layers,
        )
