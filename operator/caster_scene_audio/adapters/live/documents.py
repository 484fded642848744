"""The JSON of the service's answers, in every spelling that is known of it."""

import json
from itertools import zip_longest
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from caster_scene_audio.domain.audio import ObservedAudio, ObservedLayer, Scene
from caster_scene_audio.domain.bounds import Location, Word, first_layers, sensible
from caster_scene_audio.domain.spec import Channel, FollowMode

_CHANNELS = {
    "all": Channel.ALL,
    "left": Channel.LEFT,
    "leftchannel": Channel.LEFT,
    "right": Channel.RIGHT,
    "rightchannel": Channel.RIGHT,
}
_FOLLOW_MODES = {"0": FollowMode.AUDIO_MIXING, "1": FollowMode.AUDIO_FOLLOWS_VIDEO}


def _text(value: object) -> str:
    """Any JSON as text: what should be a string has been a number, and null."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


_absent_if_empty = BeforeValidator(lambda value: value if _text(value) else None)


_whole = BeforeValidator(
    lambda value: int(value) if isinstance(value, float) and value.is_integer() else value
)


def _channel(value: object) -> object:
    text = _text(value).lower()
    return _CHANNELS.get(text, value) if text else None


def _follow_mode(value: object) -> object:
    text = _text(value)
    return _FOLLOW_MODES.get(text, value) if text else None


def _members(name: str) -> BeforeValidator:
    """A list that stands under `name` in an object of its own; null and absent are None."""

    def unwrap(value: Any) -> Any:
        return value.get(name) if isinstance(value, dict) else value

    return BeforeValidator(unwrap)


_Text = Annotated[str, BeforeValidator(_text)]
_Word = Annotated[Word, BeforeValidator(_text)]


class _Document(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_pascal, allow_inf_nan=False
    )


class Envelope(_Document):
    """What every answer has: a RequestId, and a Code and a Message where the call failed.

    They stand in no repr, for they can repeat what we sent.
    """

    code: _Text = Field(default="", repr=False)
    message: _Text = Field(default="", repr=False)
    request_id: _Text = Field(default="", repr=False)


class _AudioLayer(_Document):
    """What is absent was not told: it may be anything."""

    volume_rate: Annotated[float | None, _absent_if_empty, sensible] = None
    valid_channel: Annotated[Channel | None, BeforeValidator(_channel)] = None
    fixed_delay_duration: Annotated[int | None, _absent_if_empty, _whole, sensible] = None

    def at(self, location_id: str) -> ObservedLayer:
        return ObservedLayer(
            location_id=location_id,
            volume_rate=self.volume_rate,
            valid_channel=self.valid_channel,
            fixed_delay_milliseconds=self.fixed_delay_duration,
        )


class SceneAudio(_Document):
    """DescribeCasterSceneAudio."""

    request_id: _Word
    follow_enable: Annotated[FollowMode | None, BeforeValidator(_follow_mode)] = None
    mix_list: Annotated[tuple[Location, ...] | None, first_layers, _members("LocationId")] = None
    audio_layers: Annotated[
        tuple[_AudioLayer, ...] | None, first_layers, _members("AudioLayer")
    ] = None

    def observed(self) -> ObservedAudio:
        """In our words.

        Where one list is longer, of a location without a layer nothing is told, and a layer
        without a location has the location "", which no spec can name.
        """
        return ObservedAudio(
            request_id=self.request_id,
            follow_mode=self.follow_enable,
            layers=self._layers() if self.mix_list is not None or self.audio_layers else None,
        )

    def _layers(self) -> tuple[ObservedLayer, ...]:
        pairs = zip_longest(self.mix_list or (), self.audio_layers or ())
        return tuple((layer or _AudioLayer()).at(location or "") for location, layer in pairs)


class _Scene(_Document):
    scene_id: _Text = ""
    scene_name: _Word = ""
    status: _Word = ""
    output_type: _Word = ""

    def listed(self) -> Scene:
        return Scene(
            scene_id=self.scene_id,
            name=self.scene_name,
            active=self.status == "1",
            on_air=self.output_type == "1",
        )


class Scenes(_Document):
    """DescribeCasterScenes."""

    scene_list: Annotated[tuple[_Scene, ...] | None, _members("Scene")] = None

    def listed(self) -> tuple[Scene, ...]:
        return tuple(scene.listed() for scene in self.scene_list or ())
