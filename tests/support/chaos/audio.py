"""A scene's audio: as a spec asks for it, and as the emulator has it, in the same words."""

from tests.support.cluster.scene_audios import Body

CHANNELS = {"All": "all", "LeftChannel": "leftChannel", "RightChannel": "rightChannel"}
FILTER = "enableAgc"


def audio_of(spec: Body) -> Body:
    """What a spec, or `status.applied`, asks for."""
    audio: Body = {}
    if "followMode" in spec:
        audio["followEnable"] = int(spec["followMode"] == "AudioFollowsVideo")
    if "layers" in spec:
        audio["layers"] = [_wanted(each) for each in spec["layers"]]
    return audio


def audio_in(scene: Body, wanted: Body) -> Body:
    """What the scene has, as far as it is asked for."""
    audio = scene["audio"]
    has = {**audio, "layers": [_had(each) for each in audio["layers"]]}
    return {name: has[name] for name in wanted}


def without_filters(audio: Body) -> Body:
    """As it can be read back."""
    if "layers" not in audio:
        return audio
    return {**audio, "layers": [{**each, FILTER: None} for each in audio["layers"]]}


def _wanted(layer: Body) -> Body:
    return {
        "locationId": layer["locationId"],
        "volumeRate": float(layer.get("volumeRate", 1.0)),
        "validChannel": CHANNELS[layer.get("validChannel", "All")],
        "fixedDelayDuration": layer.get("fixedDelayMilliseconds", 0),
        FILTER: int(layer.get("filter", {}).get("automaticGainControl", False)),
    }


def _had(layer: Body) -> Body:
    read = {name: value for name, value in layer.items() if name != "filter"}
    return {**read, FILTER: layer["filter"][FILTER]}
