"""The calls about scenes, and who calls, as documented: parameters in, a document out, or Refused."""

from collections.abc import Mapping
from typing import Any

from pydantic.alias_generators import to_pascal

from live_emulator import parameters as parse
from live_emulator.alteration import without
from live_emulator.answers import Refused
from live_emulator.audio import Layer
from live_emulator.dials import (
    CALLER_IDENTITY,
    COPY,
    DESCRIBE_AUDIO,
    DESCRIBE_SCENES,
    UPDATE,
    Dials,
)
from live_emulator.studio import Scene, Studio

VERSION = "2016-11-01"
VERSIONS = {CALLER_IDENTITY: "2015-04-01"}  # of STS, which answers at a host of its own
SHORT_CHANNELS = {"leftChannel": "left", "rightChannel": "right"}


class Service:
    """What stands behind the gateway; it trusts that the call is its account's."""

    def __init__(self, studio: Studio, dials: Dials) -> None:
        self._studio = studio
        self._dials = dials
        self._actions = {
            UPDATE: self._update,
            COPY: self._copy_config,
            DESCRIBE_AUDIO: self._describe_audio,
            DESCRIBE_SCENES: self._describe_scenes,
            CALLER_IDENTITY: _caller_identity,
        }

    def check_names(self, *, action: str, version: str) -> None:
        if action not in self._actions:
            raise Refused("InvalidAction.NotFound")
        if version != VERSIONS.get(action, VERSION):
            raise Refused("InvalidVersion")

    def perform(
        self, action: str, parameters: Mapping[str, str], *, account: str
    ) -> dict[str, Any]:
        """The answer's members but its RequestId."""
        parse.check_owner(parameters)
        return self._actions[action](parameters, account)

    def _update(self, parameters: Mapping[str, str], account: str) -> dict[str, Any]:
        caster_id, scene_id = parse.caster_id(parameters), parse.scene_id(parameters)
        change = parse.audio_change(parameters)
        self._studio.update(self._scene(caster_id, scene_id, account), change)
        return {}

    def _copy_config(self, parameters: Mapping[str, str], account: str) -> dict[str, Any]:
        """A take. Both scenes must be there already."""
        caster_id = parse.caster_id(parameters)
        preview, programme = (
            _allowed(self._studio.find(caster_id, parse.scene_id(parameters, name)), account)
            for name in ("FromSceneId", "ToSceneId")
        )
        self._studio.take(preview, programme, with_audio=self._dials.take_audio)
        return {}

    def _describe_audio(self, parameters: Mapping[str, str], account: str) -> dict[str, Any]:
        caster_id, scene_id = parse.caster_id(parameters), parse.scene_id(parameters)
        scene = self._scene(caster_id, scene_id, account)
        layers = scene.audio.layers
        document = {
            "CasterId": caster_id,
            "FollowEnable": scene.audio.follow_enable,
            "MixList": {"LocationId": [layer.location_id for layer in layers]},
            "AudioLayers": {"AudioLayer": [self._layer(layer) for layer in layers]},
        }
        return without(document, scene.untold)

    def _describe_scenes(self, parameters: Mapping[str, str], account: str) -> dict[str, Any]:
        caster_id = parse.caster_id(parameters)
        if parameters.get("SceneId"):
            scenes = [self._scene(caster_id, parse.scene_id(parameters), account)]
        else:
            scenes = [_allowed(scene, account) for scene in self._studio.scenes_of(caster_id)]
        return {
            "Total": len(scenes),
            "SceneList": {"Scene": [_scene_document(scene) for scene in scenes]},
        }

    def _scene(self, caster_id: str, scene_id: str, account: str) -> Scene:
        scene = self._studio.find(caster_id, scene_id, create=self._dials.any_scene)
        return _allowed(scene, account)

    def _layer(self, layer: Layer) -> dict[str, Any]:
        """Without the filter: the service doesn't tell it."""
        told = {
            to_pascal(name): value for name, value in layer if name not in {"location_id", "filter"}
        }
        volume, channel = layer.volume_rate, layer.valid_channel
        if not self._dials.long_channels:
            told["ValidChannel"] = SHORT_CHANNELS.get(channel, channel)
        if self._dials.whole_volumes and volume.is_integer():
            told["VolumeRate"] = int(volume)
        return told


def _caller_identity(_: Mapping[str, str], account: str) -> dict[str, Any]:
    return {
        "IdentityType": "Account",
        "AccountId": account,
        "PrincipalId": account,
        "UserId": account,
        "Arn": f"acs:ram::{account}:root",
    }


def _allowed(scene: Scene, account: str) -> Scene:
    if scene.account not in {None, account}:
        raise Refused("IllegalOperation")
    return scene


def _scene_document(scene: Scene) -> dict[str, Any]:
    optional = {"LayoutId": scene.layout_id, "StreamUrl": scene.stream_url}
    document = {
        "SceneId": scene.scene_id,
        "SceneName": scene.scene_name,
        "Status": scene.status,
        "OutputType": scene.output_type,
        "ComponentIds": {"componentId": list(scene.component_ids)},
        "StreamInfos": {"StreamInfo": _streams(scene)},
    } | {name: value for name, value in optional.items() if value is not None}
    return without(document, scene.untold)


def _streams(scene: Scene) -> list[dict[str, str]]:
    if scene.stream_url is None:
        return []
    return [{"OutputStreamUrl": scene.stream_url, "VideoFormat": "flv"}]
