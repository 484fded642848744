"""Typical mistakes: `validate` points to the line, and says what to write."""

from pathlib import Path

import pytest

from caster_scene_audio.commands.manifest.findings import Finding
from caster_scene_audio.commands.manifest.source_files import SourceFile, read_all
from caster_scene_audio.commands.validate.inspection import inspect

MISTAKES = Path(__file__).parents[1] / "support" / "mistakes"

# The line, and what is to be written there.
WRITTEN = {
    "01-volume-percent": (10, "volumeRate: 1.5"),
    "02-volume-dB": (10, "volumeRate: 0.501"),
    "03-volume-dB-neg": (10, "volumeRate: 0.501"),
    "04-volume-string": (10, "volumeRate: 1.4"),
    "05-enum-case": (8, "followMode: AudioMixing"),
    "06-follow-false": (8, "followMode: AudioMixing"),
    "07-followEnable": (8, "followMode: AudioMixing"),
    "08-dup-location": (10, "each locationId may stand in one layer only"),
    "09-no-location": (9, "locationId: RV01"),
    "10-delay-6000": (10, "fixedDelayMilliseconds: 5000 (0 to 5000 is taken)"),
    "11-delay-unit": (10, "fixedDelayMilliseconds: 120"),
    "12-delay-decimal": (10, "fixedDelayMilliseconds: 120"),
    "13-unknown-field": (10, "volumeRate: 0.5"),
    "14-mute": (10, "volumeRate: 0"),
    "15-channel-left": (10, "validChannel: LeftChannel"),
    "16-empty-layers": (8, "give at least one layer, or leave layers out"),
    "17-nothing": (5, "give followMode, layers or both"),
    "18-layers-map": (8, "- locationId: RV01"),
    "20-indent-tab": (9, "  - locationId: RV01"),
    "21-indent-field-out": (10, "4 spaces before it:     volumeRate: 0.5"),
    "22-german-comma": (10, "volumeRate: 1.4"),
    "23-caster-space": (10, "regionId: cn-shanghai"),
    "25-interval-short": (9, "interval: 30s"),
    "27-noise-off": (11, "leave noiseReduction out"),
    "28-agc-string": (11, "automaticGainControl: true"),
    "29-onair-bool": (9, "onAir: Wait"),
    "30-secret-string": (9, "name: studio-key"),
    "31-missing-caster": (5, "casterId: LIVEPRODUCER_POST-cn-0pp1czt"),
    "32-name-upper": (4, "name: scene-interview"),
    "33-apiversion": (1, "apiVersion: live.alibabacloud.com/v1alpha1"),
    "34-kind-case": (2, "kind: CasterSceneAudio"),
    "35-spec-indent": (6, "2 spaces before it:   casterId: c"),
    "37-nan": (10, "volumeRate: 0 (0 to 10 is taken)"),
    "39-null-layer": (9, "locationId: and its value here"),
}


def found_in(text: str | bytes) -> list[Finding]:
    content = text.encode() if isinstance(text, str) else text
    return inspect([SourceFile("scene.yaml", content)]).findings


def scene(below: str) -> str:
    return (
        "apiVersion: live.alibabacloud.com/v1alpha1\nkind: CasterSceneAudio\n"
        "metadata:\n  name: scene\nspec:\n  casterId: c\n  sceneId: s\n" + below
    )


def layer(line: str) -> str:
    return scene(f"  layers:\n    - locationId: RV01\n      {line}\n")


def test_every_mistake_is_in_the_table() -> None:
    assert {path.stem for path in MISTAKES.iterdir()} == set(WRITTEN)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_mistake_is_found_in_its_line_with_what_to_write(name: str) -> None:
    line, write = WRITTEN[name]

    found = inspect(read_all([f"{MISTAKES / name}.yaml"])).findings

    told = [each.write for each in found if each.place.line == line]
    assert any(write in each for each in told), found


@pytest.mark.parametrize(
    ("line", "write"),
    [
        ("volumeRate: 80", "volumeRate: 0.8"),
        ("volumeRate: +3 dB", "volumeRate: 1.413"),
        ("volumeRate: −6dB", "volumeRate: 0.501"),
        ("volumeRate: \uff15\uff10\uff05", "volumeRate: 0.5"),  # full width
        ("volumeRate: 2x", "volumeRate: 2"),
        ("volumeRate: 0,35", "volumeRate: 0.35"),
        ("volumeRate: loud", "volumeRate: 0 (0 to 10 is taken)"),
        ("volumeRate: true", "volumeRate: 0 (0 to 10 is taken)"),
        ("volumerate: 0.5", "volumeRate: 0.5"),
        ("volume_rate: 0.5", "volumeRate: 0.5"),
        ("gain: 0.5", "volumeRate: 0.5"),
        ("mute: false", "volumeRate: 1"),
        ("fixedDelayMilliseconds: 0.12s", "fixedDelayMilliseconds: 120"),
        ("fixedDelayMilliseconds: 120毫秒", "fixedDelayMilliseconds: 120"),
        ("fixedDelayMilliseconds: 3f", "fixedDelayMilliseconds: 120 (at 25 frames a second)"),
        ("fixedDelayMilliseconds: 0120", "fixedDelayMilliseconds: 120"),
        ("fixedDelayMilliseconds: -5", "fixedDelayMilliseconds: 0 (0 to 5000 is taken)"),
        ("delayMs: 120", "fixedDelayMilliseconds: 120"),
        ("fixedDelayDuration: 120", "fixedDelayMilliseconds: 120"),
        ("validChannel: R", "validChannel: RightChannel"),
        ("validChannel: rightchannel", "validChannel: RightChannel"),
        ("validChannel: stereo", "validChannel: All"),
        ("noiseReduction: Speech", "8 spaces before it"),
        ("filter: {noiseReduction: speech}", "noiseReduction: Speech"),
        ("filter: {agc: true}", "automaticGainControl: true"),
        ("filter: {automaticGainControl: 1}", "automaticGainControl: true"),
        ("locationId: RV02", "locationId once: take one of them out"),
        ("followMode: AudioMixing", "followMode: AudioMixing"),
    ],
)
def test_a_mistake_in_a_layer_is_told_with_what_to_write(line: str, write: str) -> None:
    found = found_in(layer(line))

    assert [each.place.line for each in found] == [10], found
    assert write in found[0].write


@pytest.mark.parametrize(
    ("line", "write"),
    [
        ("followMode: afv", "followMode: AudioFollowsVideo"),
        ("followMode: yes", "followMode: AudioFollowsVideo"),
        ("mode: observe", "mode: Observe"),
        ("drift: correct", "drift: Correct"),
        ("onair: Wait", "onAir: Wait"),
        ("interval: 90", "interval: 1m30s"),
        ("interval: 1.5h", "interval: 1h30m"),
        ("interval: 10 minutes", "interval: 10m"),
        ("interval: 10M", "interval: 10m"),
        ("suspend: 'true'", "suspend: true"),
        ("regionId: CN-Shanghai", "regionId: cn-shanghai"),
        ("credentialsSecretRef: {name: Studio_Key}", "name: studio-key"),
        ("paused: true", "suspend: true"),
        ("unheard: true", "take unheard out"),
    ],
)
def test_a_mistake_in_the_spec_is_told_with_what_to_write(line: str, write: str) -> None:
    found = found_in(scene(f"  layers: [{{locationId: RV01}}]\n  {line}\n"))

    assert [each.place.line for each in found] == [9], found
    assert write in found[0].write


@pytest.mark.parametrize("word", ["no", "0120", "1e3", "12345", "~1", "null"])
def test_an_identifier_that_yaml_takes_for_something_else_is_to_be_quoted(word: str) -> None:
    found = found_in(scene(f"  layers: [{{locationId: {word}}}]\n"))

    if word == "~1":
        assert found == []
    elif word == "null":
        assert "locationId: RV01" in found[0].write
    else:
        assert found[0].write == f'locationId: "{word}" (with the quotes)'


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (scene("  layers:\n\t- locationId: RV01\n"), 9, "a tab"),
        (scene("  followMode： AudioMixing\n"), 8, "wide colon"),
        (scene("   followMode: AudioMixing\n"), 8, "indented"),
        (scene("  layers:\n    - locationId: RV01\n     volumeRate: 1\n"), 10, "indented"),
        (scene('  followMode: "AudioMixing\n'), 8, "not closed"),
        (scene("  followMode: @AudioMixing\n"), 8, "cannot start"),
        (scene("  followMode: Audio\x07Mixing\n"), 8, "U+0007"),
        (scene("  followMode: *mode\n"), 8, "undefined alias"),
    ],
)
def test_what_yaml_cannot_read_is_told_where_it_stands(text: str, line: int, message: str) -> None:
    [found] = found_in(text)

    assert found.place.line == line, found
    assert message in found.message
    assert found.write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_is_read_in_every_encoding_that_kubectl_reads(encoding: str, end: str) -> None:
    text = "# 第一场景：访谈\n" + layer("volumeRate: 150%  # 太大声")

    [found] = found_in(text.replace("\n", end).encode(encoding))

    assert (found.place.line, found.place.column) == (11, 7)
    assert found.write == "volumeRate: 1.5"


def test_a_text_in_another_encoding_is_told_of_with_its_line() -> None:
    [found] = found_in(layer("volumeRate: 1 # 声").encode("gb18030"))

    assert (found.rule, found.place.line) == ("encoding", 10)


def test_of_two_objects_for_one_scene_the_second_is_told_of() -> None:
    good = scene("  followMode: AudioMixing\n")

    [found] = found_in(f"{good}---\n{good.replace('name: scene', 'name: other')}")

    assert (found.rule, found.place.line) == ("conflict", 16)
    assert "scene (scene.yaml:7)" in found.message


def test_what_anchors_make_large_is_refused() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdef", "bcdefg")]  # noqa: B905

    [found] = found_in("\n".join(lines))

    assert "too many values" in found.message


def test_a_list_is_taken_apart_and_other_kinds_are_passed_over() -> None:
    text = "kind: List\nitems:\n- kind: Secret\n- kind: CasterSceneAudio\n"

    seen = inspect([SourceFile("list.yaml", text.encode())])

    assert seen.objects == 1
    assert {each.place.line for each in seen.findings} == {4}
