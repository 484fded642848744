"""What a person reads when the API server rejects an object: the field, and what to write."""

from collections.abc import Iterator

import pytest

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.admission import Admission, Rejected, admission_of
from tests.support.specs.written_specs import SCENE, following, layered, located

pytestmark = pytest.mark.control_plane

NO_SPACES = "must be without spaces and in ASCII"

IDENTIFIERS = {
    "no-caster": ({"sceneId": "s"}, "spec.casterId: Required value"),
    "no-scene": ({"casterId": "c"}, "spec.sceneId: Required value"),
    "no-location": ({**SCENE, "layers": [{}]}, "spec.layers[0].locationId: Required value"),
    "empty-caster": (following(casterId=""), "spec.casterId in body should be at least 1 chars"),
    "caster-with-a-space": (following(casterId="my studio"), f"spec.casterId: *{NO_SPACES}"),
    "caster-with-a-line-end": (
        following(casterId="c\n"),
        "spec.casterId: *copy it from the console, such as LIVEPRODUCER_POST-cn-0pp1czt",
    ),
    "scene-not-in-ascii": (
        following(sceneId="开场"),
        f"spec.sceneId: *{NO_SPACES}; copy it from the answer of DescribeCasterScenes",
    ),
    "location-with-a-space": (
        located("RV 01"),
        f"spec.layers[0].locationId: *{NO_SPACES}, such as RV01",
    ),
    "region-in-capitals": (
        following(regionId="CN-Shanghai"),
        "spec.regionId: *lower case letters, digits and hyphens, such as cn-shanghai",
    ),
    "caster-too-long": (following(casterId="c" * 129), "spec.casterId: *may not be more than 128"),
    "scene-too-long": (following(sceneId="s" * 129), "spec.sceneId: *may not be more than 128"),
    "region-too-long": (following(regionId="r" * 65), "spec.regionId: *may not be more than 64"),
    "location-too-long": (
        located("R" * 65),
        "spec.layers[0].locationId: *may not be more than 64",
    ),
}
ENUMS = {
    "follow-mode": (
        following(followMode="audioMixing"),
        'spec.followMode: *supported values: "AudioFollowsVideo", "AudioMixing"',
    ),
    "channel": (
        layered(validChannel="leftChannel"),
        'spec.layers[0].validChannel: *supported values: "All", "LeftChannel", "RightChannel"',
    ),
    "noise-reduction": (
        layered(filter={"noiseReduction": True}),
        "spec.layers[0].filter.noiseReduction in body must be of type string",
    ),
    "noise-reduction-in-lower-case": (
        layered(filter={"noiseReduction": "speech"}),
        'spec.layers[0].filter.noiseReduction: *supported values: "Speech", "Music"',
    ),
    "voice": (
        layered(filter={"voiceBeautification": "Male"}),
        'filter.voiceBeautification: *supported values: "MagneticMale", "FreshFemale"',
    ),
}
NUMBERS = {
    "volume-too-high": (
        layered(volumeRate=10.5),
        "volumeRate in body should be less than or equal to 10",
    ),
    "volume-too-low": (
        layered(volumeRate=-0.1),
        "volumeRate in body should be greater than or equal to 0",
    ),
    "volume-in-quotes": (
        layered(volumeRate="1.0"),
        "spec.layers[0].volumeRate in body must be of type number",
    ),
    "delay-too-long": (
        layered(fixedDelayMilliseconds=5001),
        "spec.layers[0].fixedDelayMilliseconds in body should be less than or equal to 5000",
    ),
    "delay-into-the-past": (
        layered(fixedDelayMilliseconds=-1),
        "spec.layers[0].fixedDelayMilliseconds in body should be greater than or equal to 0",
    ),
    "half-a-millisecond": (
        layered(fixedDelayMilliseconds=0.5),
        "spec.layers[0].fixedDelayMilliseconds in body must be of type integer",
    ),
    "flag-in-quotes": (
        layered(filter={"automaticGainControl": "true"}),
        "spec.layers[0].filter.automaticGainControl in body must be of type boolean",
    ),
}
WHOLES = {
    "nothing-said": (SCENE, "spec: Required value: give followMode, layers or both"),
    "no-layers": (
        following(layers=[]),
        "spec.layers: *give at least one layer, or leave layers out to keep what the service has",
    ),
    "a-location-twice": (
        located("RV01", "RV02", "RV01"),
        "spec.layers: *each locationId may stand in one layer only; merge or remove the others",
    ),
    "too-many-layers": (
        located(*(f"RV{number}" for number in range(65))),
        "spec.layers: *must have at most 64 items",
    ),
    "unknown-field": (layered(volume=1), 'unknown field "spec.layers[0].volume"'),
    "no-spec": (None, "spec: Required value"),
}
INTERVAL = "in hours, minutes and seconds, such as 90s, 10m or 1h30m"
WAYS = {
    "mode": (following(mode="observe"), 'spec.mode: *supported values: "Manage", "Observe"'),
    "drift": (
        following(drift="Fix"),
        'spec.drift: *supported values: "Correct", "Report", "Ignore"',
    ),
    "on-air": (following(onAir=True), "spec.onAir in body must be of type string"),
    "on-air-in-lower-case": (
        following(onAir="wait"),
        'spec.onAir: *supported values: "Apply", "Wait"',
    ),
    "suspend-in-quotes": (
        following(suspend="true"),
        "spec.suspend in body must be of type boolean",
    ),
    "interval-as-a-number": (
        following(interval=90),
        "spec.interval in body must be of type string",
    ),
    "interval-without-a-unit": (following(interval="90"), f"spec.interval: *{INTERVAL}"),
    "interval-in-days": (following(interval="1d"), f"spec.interval: *{INTERVAL}"),
    "interval-of-nothing": (
        following(interval="0m0s"),
        f"spec.interval: *must be a duration longer than 0, {INTERVAL}",
    ),
    "interval-too-long": (following(interval="9" * 22), "spec.interval: *may not be more than 21"),
    "no-secret-name": (
        following(credentialsSecretRef={}),
        "spec.credentialsSecretRef.name: Required value",
    ),
    "secret-in-another-namespace": (
        following(credentialsSecretRef={"name": "key", "namespace": "other"}),
        'unknown field "spec.credentialsSecretRef.namespace"',
    ),
    "secret-in-capitals": (
        following(credentialsSecretRef={"name": "Key"}),
        "spec.credentialsSecretRef.name: *must be the name of a Secret: *such as studio-key",
    ),
    "secret-too-long": (
        following(credentialsSecretRef={"name": "k" * 254}),
        "spec.credentialsSecretRef.name: *may not be more than 253",
    ),
}
REJECTED = IDENTIFIERS | ENUMS | NUMBERS | WHOLES | WAYS


@pytest.fixture(scope="module")
def admission(crds: ControlPlane) -> Iterator[Admission]:
    with admission_of(crds) as asked:
        yield asked


def says(message: str, expected: str) -> bool:
    """Whether the parts of what is expected, which * separates, stand in the message in order."""
    place = 0
    for part in expected.split("*"):
        place = message.find(part, place)
        if place < 0:
            return False
    return True


@pytest.mark.parametrize(("spec", "expected"), REJECTED.values(), ids=REJECTED)
def test_a_rejected_spec_is_told_the_field_and_what_to_write(
    admission: Admission, spec: object, expected: str
) -> None:
    verdict = admission.verdict(spec)

    assert isinstance(verdict, Rejected)
    assert says(verdict.message, expected), verdict.message
