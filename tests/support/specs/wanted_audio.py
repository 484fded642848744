"""Generated specs, for what must hold of every one of them."""

from hypothesis import strategies as st

from caster_scene_audio.domain.spec import (
    AudioFilter,
    Channel,
    FollowMode,
    Layer,
    NoiseReduction,
    SceneAudioSpec,
    VoiceBeautification,
)

identifiers = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1)
regions = st.sampled_from(["cn-shanghai", "eu-central-1", "xx-nowhere-9"])

filters = st.builds(
    AudioFilter,
    automaticGainControl=st.booleans(),
    noiseReduction=st.none() | st.sampled_from(NoiseReduction),
    voiceBeautification=st.none() | st.sampled_from(VoiceBeautification),
)


def _layer(location_id: str) -> st.SearchStrategy[Layer]:
    return st.builds(
        Layer,
        locationId=st.just(location_id),
        volumeRate=st.integers(0, 10) | st.floats(0, 10),
        validChannel=st.sampled_from(Channel),
        fixedDelayMilliseconds=st.integers(0, 5000),
        filter=filters,
    )


layers = st.lists(identifiers.map(lambda text: text[:64]), min_size=1, max_size=13, unique=True)
specs = st.one_of(
    st.builds(
        SceneAudioSpec,
        regionId=st.none() | regions,
        casterId=identifiers,
        sceneId=identifiers,
        followMode=st.sampled_from(FollowMode),
    ),
    st.builds(
        SceneAudioSpec,
        regionId=st.none() | regions,
        casterId=identifiers,
        sceneId=identifiers,
        followMode=st.none() | st.sampled_from(FollowMode),
        layers=layers.flatmap(lambda names: st.tuples(*map(_layer, names))),
    ),
)
