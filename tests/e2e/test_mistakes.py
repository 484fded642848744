"""Mistakes as people make them, applied with kubectl, and what they then read.

Each is a file. A message says what to write where it names the field and the values, the range or the
kind of value that it takes, so that what was meant can be written. Of some mistakes neither the schema
nor kubectl can say that: a field that isn't there, a number with a unit that has to be converted, what is
no YAML. They are marked so.
"""

from pathlib import Path

import pytest

from dev.control_plane.failure import KubectlError
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import ROOT

pytestmark = pytest.mark.control_plane

MISTAKES = ROOT / "tests" / "support" / "specs" / "mistakes"

SAYS_WHAT_TO_WRITE = {
    "03-volume-dB-neg": "not in decibels: 0.5 is -6 dB, 2 is +6 dB",
    "04-volume-string": "spec.layers[0].volumeRate in body must be of type number",
    "05-enum-case": 'supported values: "AudioFollowsVideo", "AudioMixing"',
    "06-follow-false": 'supported values: "AudioFollowsVideo", "AudioMixing"',
    "08-dup-location": "each locationId may stand in one layer only; merge or remove the others",
    "09-no-location": "spec.layers[0].locationId: Required value",
    "10-delay-6000": "fixedDelayMilliseconds in body should be less than or equal to 5000",
    "11-delay-unit": "spec.layers[0].fixedDelayMilliseconds in body must be of type integer",
    "12-delay-decimal": "spec.layers[0].fixedDelayMilliseconds in body must be of type integer",
    "15-channel-left": 'supported values: "All", "LeftChannel", "RightChannel"',
    "16-empty-layers": "give at least one layer, or leave layers out",
    "17-nothing": "give followMode, layers or both",
    "23-caster-space": "lower case letters, digits and hyphens, such as cn-shanghai",
    "25-interval-short": "in hours, minutes and seconds, such as 90s, 10m or 1h30m",
    "27-noise-off": 'supported values: "Speech", "Music"',
    "28-agc-string": "automaticGainControl in body must be of type boolean",
    "29-onair-bool": 'supported values: "Apply", "Wait"',
    "30-secret-string": "spec.credentialsSecretRef in body must be of type object",
    "31-missing-caster": "spec.casterId: Required value",
    "32-name-upper": "must consist of lower case alphanumeric characters, '-' or '.'",
    "39-null-layer": "a layer is empty; give it a locationId, such as RV01, or remove its dash",
}
CANT_BE_SAID_HERE = {
    "01-volume-percent": "spec.layers[0].volumeRate in body must be of type number",
    "02-volume-dB": "spec.layers[0].volumeRate in body must be of type number",
    "07-followEnable": 'unknown field "spec.followEnable"',
    "13-unknown-field": 'unknown field "spec.layers[0].volume"',
    "14-mute": 'unknown field "spec.layers[0].mute"',
    "18-layers-map": 'unknown field "spec.layers.locationId"',
    "20-indent-tab": "line 9: found character that cannot start any token",
    "21-indent-field-out": 'unknown field "spec.volumeRate"',
    "22-german-comma": "spec.layers[0].volumeRate in body must be of type number",
    "33-apiversion": 'no matches for kind "CasterSceneAudio" in version "live.alibabacloud.com/v1"',
    "34-kind-case": 'no matches for kind "casterSceneAudio"',
    "35-spec-indent": 'unknown field "casterId"',
    "37-nan": "unsupported value: NaN",
}
"""It names the place at least."""


def test_each_mistake_is_marked_and_most_say_what_to_write() -> None:
    files = sorted(path.stem for path in MISTAKES.iterdir())

    assert sorted([*SAYS_WHAT_TO_WRITE, *CANT_BE_SAID_HERE]) == files
    assert len(SAYS_WHAT_TO_WRITE) >= 21


@pytest.mark.parametrize(
    ("mistake", "words"), (SAYS_WHAT_TO_WRITE | CANT_BE_SAID_HERE).items(), ids=lambda each: each
)
def test_kubectl_tells_a_mistake_in_these_words(
    mistake: str, words: str, crds: ControlPlane
) -> None:
    assert words in refusal(crds, MISTAKES / f"{mistake}.yaml")


def refusal(plane: ControlPlane, path: Path) -> str:
    with pytest.raises(KubectlError) as refused:
        plane.kubectl("apply", "--dry-run=server", "--filename", f"{path}")
    return f"{refused.value}"
