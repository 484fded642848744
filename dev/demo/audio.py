"""The audio of a scene as the demonstration shows and compares it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer in words; `processing` is its 3A filter."""

    location: str
    volume: str
    channel: str
    delay_ms: int
    processing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    follows_video: bool
    layers: tuple[Layer, ...]


HEADER = ("SCENE", "AUDIO", "LOCATION", "VOLUME", "CHANNEL", "DELAY", "PROCESSING")


def rows(scene: str, audio: Audio) -> Iterator[tuple[str, ...]]:
    """One row for each layer; the scene and its mode stand in the first."""
    mode = "follows video" if audio.follows_video else "mixing"
    if not audio.layers:
        yield (scene, mode, "–", "–", "–", "–", "–")
    for number, layer in enumerate(audio.layers):
        scene_words = (scene, mode) if number == 0 else ("", "")
        delay = f"{layer.delay_ms} ms"
        yield (*scene_words, layer.location, layer.volume, layer.channel, delay, layer.processing)


def volume(rate: float) -> str:
    """As the service keeps it: a 32-bit float has six sure digits."""
    return f"{rate:g}"


def processing(*, gain: bool, noise: str | None, voice: str | None) -> str:
    words = [
        *(["gain control"] if gain else []),
        *([f"noise: {noise}"] if noise else []),
        *([f"voice: {voice}"] if voice else []),
    ]
    return ", ".join(words) or "–"
