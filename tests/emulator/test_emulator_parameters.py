"""What the parameters of an update may be, and what is malformed."""

import pytest

from live_emulator import parameters as parse
from live_emulator.answers import Refused
from live_emulator.audio import Filter, Layer
from tests.emulator.caller import TWO_LAYERS

MISMATCH = "InvalidAudioLayersAndMixListSize.Mismatch"


def one_layer(**members: str) -> dict[str, str]:
    return {f"AudioLayer.1.{name}": value for name, value in members.items()} | {
        "MixList.1": "RV01"
    }


def code_of(parameters: dict[str, str]) -> str:
    with pytest.raises(Refused) as raised:
        parse.audio_change(parameters)
    return raised.value.code


def test_a_full_update_is_parsed() -> None:
    change = parse.audio_change(TWO_LAYERS)

    assert change.follow_enable == 0
    assert change.layers == (
        Layer(
            location_id="RV01",
            volume_rate=0.35,
            valid_channel="leftChannel",
            fixed_delay_duration=500,
            filter=Filter(enable_agc=1, enable_ans=1, ans_mode=1),
        ),
        Layer(location_id="RV02"),
    )


def test_what_is_left_out_is_not_changed() -> None:
    change = parse.audio_change({})

    assert (change.follow_enable, change.layers) == (None, None)


def test_an_empty_follow_enable_keeps_the_last_setting() -> None:
    assert parse.audio_change({"FollowEnable": ""}).follow_enable is None


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({"MixList.1": "RV01"}, id="no-layer"),
        pytest.param({"AudioLayer.1.VolumeRate": "1"}, id="no-location"),
        pytest.param({**one_layer(VolumeRate="1"), "MixList.2": "RV02"}, id="a-location-more"),
        pytest.param({**one_layer(VolumeRate="1"), "AudioLayer.2.Filter": "{}"}, id="a-layer-more"),
        pytest.param({"AudioLayer.2.VolumeRate": "1", "MixList.2": "RV02"}, id="not-from-1"),
        pytest.param({"AudioLayer.2.VolumeRate": "1", "MixList.1": "RV02"}, id="other-numbers"),
    ],
)
def test_sizes_that_differ_are_a_mismatch(parameters: dict[str, str]) -> None:
    assert code_of(parameters) == MISMATCH


@pytest.mark.parametrize("text", ["0", "0.0", "1e-05", "0.30000000000000004", "10", "10.0", "1."])
def test_a_number_as_languages_write_it_is_a_volume(text: str) -> None:
    layers = parse.audio_change(one_layer(VolumeRate=text)).layers

    assert layers is not None
    assert layers[0].volume_rate == pytest.approx(float(text))


@pytest.mark.parametrize(
    "members",
    [
        *(
            {"VolumeRate": text}
            for text in ("", "-0.1", "10.1", "nan", "inf", "1_0", " 1", "\uff11")
        ),
        *({"FixedDelayDuration": text} for text in ("", "-1", "5001", "1.0", "1e3", "ten")),
        *({"ValidChannel": text} for text in ("", "left", "All", "LeftChannel")),
        *(
            {"Filter": text}
            for text in (
                "",
                "on",
                "[]",
                "null",
                '{"enableAgc":2}',
                '{"enableAgc":"1"}',
                '{"enableAgc":true}',
                '{"enableAgc":1.0}',
                '{"enable_agc":1}',
                '{"enableAGC":1}',
                '{"voiceBeautifyMode":-1}',
                "[" * 100_000,
            )
        ),
        {"Volume": "1"},
    ],
    ids=lambda members: "-".join(f"{name}-{value[:24]}" for name, value in members.items()),
)
def test_a_member_out_of_its_range_is_malformed(members: dict[str, str]) -> None:
    assert code_of(one_layer(**members)) == "InvalidParameter.Malformed"


@pytest.mark.parametrize(
    "parameters",
    [
        {"FollowEnable": "2"},
        {"FollowEnable": "true"},
        {"MixList.0": "RV01"},
        {"MixList.1": ""},
        {"MixList.1": "RV 01"},
        {"MixList": "RV01"},
        {"AudioLayer.01.VolumeRate": "1"},
        {"AudioLayer": "[]"},
    ],
    ids=str,
)
def test_a_parameter_of_another_shape_is_malformed(parameters: dict[str, str]) -> None:
    assert code_of(parameters) == "InvalidParameter.Malformed"


def test_the_message_names_the_parameter() -> None:
    with pytest.raises(Refused, match=r"AudioLayer\.1\.FixedDelayDuration"):
        parse.audio_change(one_layer(FixedDelayDuration="5001"))


@pytest.mark.parametrize(
    "text",
    ["{}", '{ "enableAgc":0, "enableAns":1 }', '{"enableAns":0,"ansMode":1}'],
    ids=["empty", "some", "mode-of-what-is-off"],
)
def test_a_filter_need_not_have_every_key(text: str) -> None:
    assert parse.audio_change(one_layer(Filter=text)).layers is not None


@pytest.mark.parametrize("text", ["LIVEPRODUCER_POST-cn-0pp1czt****", "c"])
def test_a_caster_id_is_well_formed(text: str) -> None:
    assert parse.caster_id({"CasterId": text}) == text


@pytest.mark.parametrize("text", ["", " ", "a b", "é", "a/b", "a" * 129, "a\n"])
def test_any_other_caster_id_is_malformed(text: str) -> None:
    with pytest.raises(Refused, match=r"InvalidCasterId\.Malformed"):
        parse.caster_id({"CasterId": text})
