"""Generated specs as JSON, good and bad, for two who must agree on which are admitted."""

from typing import Any

from hypothesis import strategies as st

Strategies = dict[str, st.SearchStrategy[Any]]

MOST_LAYERS = 64


def _identifiers(max_length: int) -> st.SearchStrategy[str]:
    characters = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
    edges = st.sampled_from(["!", "~" * max_length])
    return edges | st.text(characters, min_size=1, max_size=max_length)


def _or_null(fields: Strategies) -> Strategies:
    """A null is as good as a field that is left out."""
    return {name: st.none() | values for name, values in fields.items()}


def _layers_of(count: int) -> list[Any]:
    return [{"locationId": f"RV{number}"} for number in range(count)]


FILTER: Strategies = {
    "automaticGainControl": st.booleans(),
    "noiseReduction": st.sampled_from(["Speech", "Music"]),
    "voiceBeautification": st.sampled_from(["MagneticMale", "FreshFemale"]),
}
LAYER: Strategies = {
    "locationId": _identifiers(64),
    "volumeRate": (
        st.sampled_from([0, -0.0, 5e-324, 1e-3, 1, 1.0, 10, 10.0])
        | st.integers(0, 10)
        | st.floats(0, 10)
    ),
    "validChannel": st.sampled_from(["All", "LeftChannel", "RightChannel"]),
    "fixedDelayMilliseconds": (
        st.sampled_from([0, -0.0, 1, 1.0, 5e3, 5000])
        | st.integers(0, 5000)
        | st.integers(0, 5000).map(float)
    ),
    "filter": st.fixed_dictionaries({}, optional=_or_null(FILTER)),
}
_LAYER = st.fixed_dictionaries(
    {"locationId": LAYER["locationId"]},
    optional=_or_null({name: LAYER[name] for name in LAYER if name != "locationId"}),
)
CREDENTIALS: Strategies = {
    "name": st.sampled_from(["studio-key", "a", "0", "a.b-c.9", "a--b", "a" * 253])
}
DURATIONS = st.sampled_from(["1s", "90s", "10m", "1h30m", "0h1m", "999999h999999m999999s"])
WAYS: Strategies = {
    "credentialsSecretRef": st.fixed_dictionaries(CREDENTIALS),
    "mode": st.sampled_from(["Manage", "Observe"]),
    "drift": st.sampled_from(["Correct", "Report", "Ignore"]),
    "onAir": st.sampled_from(["Apply", "Wait"]),
    "interval": DURATIONS,
    "suspend": st.booleans(),
}
SPEC: Strategies = {
    "regionId": st.sampled_from(["cn-shanghai", "a", "0", "a--9", "r" * 64]),
    "casterId": _identifiers(128),
    "sceneId": _identifiers(128),
    "followMode": st.sampled_from(["AudioFollowsVideo", "AudioMixing"]),
    "layers": (
        st.lists(_LAYER, min_size=1, max_size=4, unique_by=lambda layer: layer["locationId"])
        | st.builds(_layers_of, st.just(MOST_LAYERS))
    ),
    **WAYS,
}


def _specs_that_say(sure: str, *, perhaps: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: SPEC[name] for name in ("casterId", "sceneId", sure)},
        optional=_or_null({name: SPEC[name] for name in ("regionId", perhaps, *WAYS)}),
    )


good_specs = _specs_that_say("followMode", perhaps="layers") | _specs_that_say(
    "layers", perhaps="followMode"
)
"""Every one of them is to be admitted."""

_BESIDE_WHOLE = [0.5, 1e-10, 1 - 2**-53, 1 + 1e-10, 100 + 1e-13, 5000.5]
_BESIDE_BOUNDS = [-1, -1e-9, -5e-324, 10 + 2**-49, 11, 5000.0000001, 5001]
_HUGE = [2**31, 2**63, 2**64, 1e300, -1e300, 10**400]
_NUMBERS = st.sampled_from([*_BESIDE_WHOLE, *_BESIDE_BOUNDS, *_HUGE]) | st.floats(
    allow_nan=False, allow_infinity=False
)

_BLANKS = ["", " ", "RV01\n", "\nRV01", "RV 01", "RV\t01", "RV\x0001", "\x7f", "\u2028"]
_FOREIGN = ["é", "声音", "é" * 64, "\U0001f399" * 33]
_LONG = ["a" * length for length in (64, 65, 128, 129)]
_REGIONS = ["cn-shanghai-", "-cn", "CN-shanghai", "cn_shanghai", "cn-shanghai\n"]
_WRONG_CASE = ["audioMixing", "AUDIOMIXING", "AudioMixing ", "all", "leftChannel", "freshFemale"]
_QUOTED = ["true", "false", "0", "1", "1.0", "null"]
_ENUMS = ["AudioMixing", "All", "Music", "FreshFemale"]
_SPANS = [
    "0s",
    "0h0m",
    "s",
    "10",
    "-1s",
    "1.5h",
    "1m1h",
    "1d",
    "10m\n",
    "1234567s",
    "\uff11s",
    "1H",
]
_NAMES = ["a.", ".a", "a..b", "a.-b", "-a", "A", "a_b", "a/b", "a\n", "a" * 254]
_TEXTS = st.sampled_from(
    [*_BLANKS, *_FOREIGN, *_LONG, *_REGIONS, *_WRONG_CASE, *_QUOTED, *_ENUMS, *_SPANS, *_NAMES]
) | st.text(max_size=8)

_ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.sampled_from([0, 1, 0.0, 1.0]) | _NUMBERS | _TEXTS,
    lambda within: (
        st.lists(within, max_size=2)
        | st.dictionaries(st.sampled_from([*LAYER, *FILTER, *CREDENTIALS]), within, max_size=2)
    ),
    max_leaves=4,
)

_NEARLY: Strategies = {
    **dict.fromkeys(
        ["volumeRate", "fixedDelayMilliseconds"],
        st.sampled_from([-1, 5001, True, False]) | _NUMBERS,
    ),
    **dict.fromkeys(["regionId", "casterId", "sceneId", "locationId"], _TEXTS),
    **dict.fromkeys(["followMode", "validChannel", *FILTER], _TEXTS),
    **dict.fromkeys(["mode", "drift", "onAir", "suspend", "name"], _TEXTS),
    "interval": st.sampled_from(_SPANS) | st.from_regex("[0-9]{1,7}[hms]([0-9]{1,7}[hms]){0,2}"),
    "credentialsSecretRef": st.fixed_dictionaries({"name": st.sampled_from(_NAMES)}),
    "layers": st.builds(_layers_of, st.sampled_from([0, MOST_LAYERS + 1])),
    "filter": st.dictionaries(st.sampled_from([*FILTER, "agc"]), _ANYTHING, max_size=2),
}

_UNKNOWN = st.sampled_from(
    ["", "volume", "VolumeRate", "volume_rate", "region_id", "a.b"]
) | st.text(max_size=4)


def _objects(spec: dict[str, Any]) -> list[tuple[dict[str, Any], Strategies]]:
    """The spec and the objects in it, each with the fields that it may have."""
    layers = spec.get("layers")
    some = (
        [each for each in layers[:3] if isinstance(each, dict)] if isinstance(layers, list) else []
    )
    filters = [each["filter"] for each in some if isinstance(each.get("filter"), dict)]
    secret = spec.get("credentialsSecretRef")
    return [
        (spec, SPEC),
        *((each, LAYER) for each in some),
        *((each, FILTER) for each in filters),
        *([(secret, CREDENTIALS)] if isinstance(secret, dict) else []),
    ]


def _alter(draw: st.DrawFn, spec: dict[str, Any]) -> None:
    target, fields = draw(st.sampled_from(_objects(spec)))
    name = draw(st.sampled_from(list(fields)))
    target[name] = draw(_NEARLY[name] | _ANYTHING | fields[name])


def _remove(draw: st.DrawFn, spec: dict[str, Any]) -> None:
    target, fields = draw(st.sampled_from(_objects(spec)))
    target.pop(draw(st.sampled_from(list(fields))), None)


def _add_unknown(draw: st.DrawFn, spec: dict[str, Any]) -> None:
    target, _ = draw(st.sampled_from(_objects(spec)))
    target[draw(_UNKNOWN)] = draw(_ANYTHING)


def _repeat(draw: st.DrawFn, spec: dict[str, Any]) -> None:
    """One layer's location once more, in a layer that may differ otherwise."""
    layers = spec.get("layers")
    if isinstance(layers, list) and layers and isinstance(layers[0], dict):
        layers.append({**draw(_LAYER), "locationId": layers[0].get("locationId")})


_DEEDS = [_alter, _alter, _alter, _remove, _add_unknown, _repeat]


@st.composite
def doubtful_specs(draw: st.DrawFn) -> Any:
    """A good spec to which one thing or two were done: it may be bad now, or another good one."""
    spec = draw(good_specs)
    for _ in range(draw(st.integers(1, 2))):
        draw(st.sampled_from(_DEEDS))(draw, spec)
    return draw(_ANYTHING) if draw(st.integers(0, 19)) == 19 else spec
