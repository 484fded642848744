"""What every client is to ask for, in the operator's words, the clients' and the service's."""

from typing import Any

from caster_scene_audio.adapters.live.parameters import (
    FOLLOW_ENABLE,
    VALID_CHANNEL,
    describe_parameters,
    filter_json,
    update_parameters,
)
from caster_scene_audio.domain.audio import SceneRef
from caster_scene_audio.domain.spec import SceneAudioSpec
from live_emulator.studio import DEMO_CASTER

KEY_ID = "testid"
SECRET = "testsecret"  # noqa: S105 (the emulator's, made up)
REGION = "cn-shanghai"
PROGRAMME = "scene-opening"
PREVIEW = "scene-interview"
FILTER = {
    "automaticGainControl": True,
    "noiseReduction": "Music",
    "voiceBeautification": "FreshFemale",
}
WANTED = SceneAudioSpec.model_validate(
    {
        "regionId": REGION,
        "casterId": DEMO_CASTER,
        "sceneId": PROGRAMME,
        "followMode": "AudioMixing",
        "layers": [
            {"locationId": "RV01"},
            {"locationId": "RV02", "volumeRate": 0.35, "validChannel": "LeftChannel"},
            {"locationId": "RV03", "volumeRate": 1e-05, "fixedDelayMilliseconds": 5000},
            {"locationId": "RV04", "volumeRate": 10, "validChannel": "RightChannel"},
            {"locationId": "RV05", "volumeRate": 0, "filter": FILTER},
        ],
    }
)


def order(endpoint: str) -> dict[str, Any]:
    """As the clients read it."""
    return {
        "endpoint": endpoint,
        "accessKeyId": KEY_ID,
        "accessKeySecret": SECRET,
        "regionId": REGION,
        "casterId": WANTED.caster_id,
        "sceneId": WANTED.scene_id,
        "previewId": PREVIEW,
        "followEnable": int(FOLLOW_ENABLE[WANTED.follow_mode]) if WANTED.follow_mode else None,
        "layers": [
            {
                "locationId": layer.location_id,
                "volumeRate": layer.volume_rate,
                "validChannel": VALID_CHANNEL[layer.valid_channel],
                "fixedDelayDuration": layer.fixed_delay_milliseconds,
                "filter": filter_json(layer.filter),
            }
            for layer in WANTED.layers or ()
        ],
    }


def parameters_by_action() -> dict[str, dict[str, str]]:
    """As the operator sends them; a take is none of its calls."""
    scene = SceneRef(caster_id=WANTED.caster_id, scene_id=WANTED.scene_id, region_id=REGION)
    return {
        "UpdateCasterSceneAudio": update_parameters(WANTED),
        "DescribeCasterSceneAudio": describe_parameters(scene),
        "DescribeCasterScenes": describe_parameters(scene),
        "CopyCasterSceneConfig": {
            "RegionId": REGION,
            "CasterId": WANTED.caster_id,
            "FromSceneId": PREVIEW,
            "ToSceneId": WANTED.scene_id,
        },
    }
