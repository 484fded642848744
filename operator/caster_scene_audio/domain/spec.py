"""The wanted audio of one scene, as the CRD's schema admits it.

The models accept exactly what `crds/` accepts, so that an object which the API server admitted
is one that the operator can read. They are frozen: a spec is a value.
"""

from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic.alias_generators import to_camel

from caster_scene_audio.domain.duration import seconds_of

MAX_LAYERS = 64


class FollowMode(StrEnum):
    AUDIO_FOLLOWS_VIDEO = "AudioFollowsVideo"
    AUDIO_MIXING = "AudioMixing"


class Channel(StrEnum):
    ALL = "All"
    LEFT = "LeftChannel"
    RIGHT = "RightChannel"


class Mode(StrEnum):
    MANAGE = "Manage"
    OBSERVE = "Observe"


class Drift(StrEnum):
    CORRECT = "Correct"
    REPORT = "Report"
    IGNORE = "Ignore"


class OnAir(StrEnum):
    APPLY = "Apply"
    WAIT = "Wait"


class NoiseReduction(StrEnum):
    SPEECH = "Speech"
    MUSIC = "Music"


class VoiceBeautification(StrEnum):
    MAGNETIC_MALE = "MagneticMale"
    FRESH_FEMALE = "FreshFemale"


def _only_numbers(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number, without quotes")  # noqa: TRY004 (pydantic takes ValueError)
    return value


def _only_whole_numbers(value: object) -> object:
    _only_numbers(value)
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("must be a whole number")
    return value


def _only_booleans(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("must be true or false, without quotes")  # noqa: TRY004 (pydantic takes ValueError)
    return value


def _a_duration(text: str) -> str:
    if seconds_of(text) == 0:
        raise ValueError("must be longer than 0s")
    return text


def _identifier(max_length: int) -> Any:
    return StringConstraints(strict=True, min_length=1, max_length=max_length, pattern="^[!-~]+$")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        """The API server drops a field's null before it validates: applying one sets nothing."""
        if not isinstance(data, dict):
            return data
        fields = {field.alias for field in cls.model_fields.values()}
        return {
            name: value for name, value in data.items() if value is not None or name not in fields
        }


class AudioFilter(_Model):
    """3A processing of one layer; what is left out is off."""

    automatic_gain_control: Annotated[bool, BeforeValidator(_only_booleans)] = False
    noise_reduction: NoiseReduction | None = None
    voice_beautification: VoiceBeautification | None = None


@cache
def _one_of_its_kind(wanted: AudioFilter) -> AudioFilter:
    """There are 18 different ones, and a studio may have thousands of layers."""
    return wanted


@cache
def _set_of_names(names: frozenset[str]) -> set[str]:
    return set(names)


class Layer(_Model):
    """One source of sound; `volume_rate` 0 to 10 (1 is the original), the delay in ms."""

    location_id: Annotated[str, _identifier(64)]
    volume_rate: Annotated[float, BeforeValidator(_only_numbers), Field(ge=0, le=10)] = 1.0
    valid_channel: Channel = Channel.ALL
    fixed_delay_milliseconds: Annotated[
        int, BeforeValidator(_only_whole_numbers), Field(ge=0, le=5000)
    ] = 0
    filter: Annotated[AudioFilter, AfterValidator(_one_of_its_kind)] = AudioFilter()

    @model_validator(mode="after")
    def _share_what_is_said(self) -> Self:
        """Of a thousand layers most say the same fields: that set is held once."""
        said = _set_of_names(frozenset(self.model_fields_set))
        object.__setattr__(self, "__pydantic_fields_set__", said)
        return self


def _some_and_unique(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    if not layers:
        raise ValueError("give at least one layer, or leave layers out")
    locations = [layer.location_id for layer in layers]
    twice = sorted({each for each in locations if locations.count(each) > 1})
    if twice:
        raise ValueError(f"names {', '.join(twice)} more than once: give each location one layer")
    return layers


class AppliedAudio(_Model):
    """What was sent, filters too, as a spec would say it. None: that part was not sent."""

    follow_mode: FollowMode | None = None
    layers: Annotated[tuple[Layer, ...], Field(max_length=MAX_LAYERS)] | None = None

    def sharing(self, spec: "SceneAudioSpec") -> "AppliedAudio":
        """The same, with the spec's own layers where they are equal: they are held once."""
        if self.layers is None or self.layers != spec.layers:
            return self
        return AppliedAudio.model_construct(follow_mode=self.follow_mode, layers=spec.layers)

    def as_far_as(self, spec: "SceneAudioSpec") -> Self:
        """Without what the spec says no longer: that part belongs to others from then on."""
        unsaid = {name for name in type(self).model_fields if getattr(spec, name) is None}
        return self.model_copy(update=dict.fromkeys(unsaid)) if unsaid else self


class CredentialsSecretRef(_Model):
    """A Secret in the object's own namespace."""

    name: Annotated[
        str,
        StringConstraints(
            strict=True,
            min_length=1,
            max_length=253,
            pattern="^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        ),
    ]


class SceneAudioSpec(_Model):
    """`spec` of a CasterSceneAudio. None means: the service keeps what it has."""

    region_id: (
        Annotated[
            str,
            StringConstraints(
                strict=True,
                min_length=1,
                max_length=64,
                pattern="^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
            ),
        ]
        | None
    ) = None
    caster_id: Annotated[str, _identifier(128)]
    scene_id: Annotated[str, _identifier(128)]
    follow_mode: FollowMode | None = None
    layers: (
        Annotated[
            tuple[Layer, ...],
            Field(max_length=MAX_LAYERS),  # min_length would count the readable ones only
            AfterValidator(_some_and_unique),
        ]
        | None
    ) = None

    credentials_secret_ref: CredentialsSecretRef | None = None
    mode: Mode = Mode.MANAGE
    drift: Drift = Drift.CORRECT
    on_air: OnAir | None = None
    interval: (
        Annotated[
            str,
            StringConstraints(strict=True, min_length=2, max_length=21),
            AfterValidator(_a_duration),
        ]
        | None
    ) = None
    suspend: Annotated[bool, BeforeValidator(_only_booleans)] = False

    @property
    def interval_s(self) -> int | None:
        """Seconds between two readings; None: the operator's default."""
        return None if self.interval is None else seconds_of(self.interval)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        says_nothing = self.follow_mode is None and self.layers is None
        if says_nothing and self.mode is not Mode.OBSERVE:
            raise ValueError("give followMode, layers or both")
        return self

    @property
    def audio(self) -> "AppliedAudio":
        """What is sent for this spec."""
        return AppliedAudio.model_construct(follow_mode=self.follow_mode, layers=self.layers)

    @property
    def names_filters(self) -> bool:
        """Whether a layer says anything of its filter, be it that it is off."""
        return any("filter" in layer.model_fields_set for layer in self.layers or ())

    def says_otherwise_than(self, sent: "AppliedAudio") -> bool:
        """Whether something is to be sent that was not. What the spec leaves out says nothing."""
        mode = self.follow_mode is not None and self.follow_mode != sent.follow_mode
        return mode or (self.layers is not None and self.layers != sent.layers)
