"""What users, other writers and the service may do, for Hypothesis to draw from."""

from hypothesis import strategies as st

from caster_scene_audio.domain.audio import ObservedAudio, ObservedLayer
from caster_scene_audio.domain.spec import Channel, Drift, FollowMode, Mode
from tests.support.simulation.objects import (
    IN_CHANNEL,
    INTERNAL_ERROR,
    MALFORMED,
    THROTTLED,
    failure,
)
from tests.support.simulation.watched_cluster import Body
from tests.support.simulation.watched_studio import LIST, READ, UPDATE
from tests.support.simulation.world import POINTS

SCENES = ["scene-1", "scene-2"]
NAMESPACES = ["studio", "radio"]
SECRETS = ["key-a", "key-b"]
FAILURES = [
    IN_CHANNEL,
    INTERNAL_ERROR,
    MALFORMED,
    THROTTLED,
    failure("InvalidScene.NotFound", 404),
    failure("IncorrectSceneStatus", 400),
    failure("NoPermission", 403),
    failure("SignatureNonceUsed", 400),
    failure("InvalidSecurityToken.Expired", 403),
]
"""One of every class."""

pauses = st.sampled_from([0, 0.001, 0.05, 0.15, 0.4, 2])
latencies = st.sampled_from([0, 0.05, 0.3, 3])
spans = st.sampled_from([1, 15, 130, 700, 1500])
intervals = st.sampled_from([0, 700, 1500, 5000])
"""Time enough for readings, and for their retries."""
scenes = st.sampled_from(SCENES)
actions = st.sampled_from([UPDATE, READ, READ, LIST])
failures = st.sampled_from(FAILURES)
points = st.sampled_from(POINTS)
numbers = st.integers(0, 4)

VOLUMES = st.sampled_from([0, 0.9, 1, 10])
CHANNELS = st.sampled_from(list(Channel))
DELAYS = st.sampled_from([0, 5000])
FILTERS = st.sampled_from([{}, {"automaticGainControl": True}])
LOCATIONS = st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=3, unique=True)


def _layer(location: str) -> st.SearchStrategy[Body]:
    return st.fixed_dictionaries(
        {"locationId": st.just(location)},
        optional={
            "volumeRate": VOLUMES,
            "validChannel": CHANNELS.map(str),
            "fixedDelayMilliseconds": DELAYS,
            "filter": FILTERS,
        },
    )


def _observed_layer(location: str) -> st.SearchStrategy[ObservedLayer]:
    return st.builds(
        ObservedLayer,
        location_id=st.just(location),
        volume_rate=VOLUMES,
        valid_channel=CHANNELS,
        fixed_delay_milliseconds=DELAYS,
    )


layers = LOCATIONS.flatmap(lambda names: st.tuples(*map(_layer, names)).map(list))
follow_modes = st.sampled_from(list(FollowMode))
sounds = st.fixed_dictionaries({"followMode": follow_modes.map(str)}) | st.fixed_dictionaries(
    {"layers": layers}, optional={"followMode": follow_modes.map(str)}
)
how_drift = {
    "drift": st.sampled_from([*Drift]).map(str),
    "onAir": st.sampled_from(["Apply", "Wait"]),
    "interval": st.sampled_from(["10m", "20m"]),
}
"""What changes nothing that is sent."""
ways: st.SearchStrategy[Body] = st.builds(dict) | st.fixed_dictionaries(
    {},
    optional={
        "credentialsSecretRef": st.fixed_dictionaries({"name": st.sampled_from(SECRETS)}),
        "mode": st.sampled_from([*Mode]).map(str),
        **how_drift,
        "suspend": st.booleans(),
    },
)
calm_ways: st.SearchStrategy[Body] = st.fixed_dictionaries({}, optional=how_drift)
drifted_audio = st.builds(
    ObservedAudio,
    request_id=st.just("READ"),
    follow_mode=st.none() | follow_modes,
    layers=LOCATIONS.flatmap(lambda names: st.tuples(*map(_observed_layer, names))),
)
untold = st.sets(
    st.sampled_from(
        ["follow_mode", "layers", "volume_rate", "valid_channel", "fixed_delay_milliseconds"]
    ),
    max_size=2,
)
