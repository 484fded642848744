"""The reference page has every field, and says of each what the client really sends."""

import json
import re

import pytest

from caster_scene_audio.adapters.live.parameters import update_parameters
from dev.chart.generated import CRD, ROOT
from dev.chart.reference import SENT, reference
from tests.support.cluster.crd_schema import fields, written_schema
from tests.support.simulation.objects import spec

PAGE = reference(CRD.read_text())
FULL = spec(
    regionId="cn-shanghai",
    layers=[
        {
            "locationId": "RV01",
            "filter": {
                "automaticGainControl": True,
                "noiseReduction": "Music",
                "voiceBeautification": "FreshFemale",
            },
        }
    ],
)


def rows(title: str) -> dict[str, list[str]]:
    """The rows of a section's table, by the field."""
    section = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    cells = [line.strip("| ").split(" | ") for line in section.splitlines() if "| `" in line]
    return {row[0].strip("`"): row for row in cells}


def test_every_field_of_the_schema_has_its_row() -> None:
    paths = {path.removeprefix(".") for path, _ in fields(written_schema())}

    wanted = {path for path in paths if path.startswith(("spec.", "status."))}
    told = {*rows("spec"), *rows("status")}
    assert {path for path in wanted if not path.endswith("[]")} == told
    assert len(told) > 50


def test_what_a_field_takes_and_what_is_so_where_it_is_left_out_stands_beside_it() -> None:
    told = rows("spec")

    assert told["spec.casterId"][1:3] == ["string, 1 to 128 characters", "required"]
    assert told["spec.layers[].volumeRate"][1:3] == ["number, 0 to 10", "1"]
    assert told["spec.layers[].validChannel"][1:3] == [
        "`All`, `LeftChannel`, `RightChannel`",
        "All",
    ]
    assert told["spec.layers[].fixedDelayMilliseconds"][1:3] == ["integer, 0 to 5000", "0"]
    assert told["spec.mode"][1:3] == ["`Manage`, `Observe`", "Manage"]
    assert told["spec.layers[].filter.noiseReduction"][2] == "off"


def test_each_parameter_that_is_sent_is_named_and_no_other() -> None:
    sent = update_parameters(FULL)
    keys = {*sent, *json.loads(sent["AudioLayer.1.Filter"])}

    named = {name for text in SENT.values() for name in re.findall("`([A-Za-z.]+)`", text)}

    assert {name.replace(".N", ".1") for name in named} - {"AudioLayer.1"} == keys
    assert set(SENT) <= set(rows("spec"))


@pytest.mark.parametrize(
    ("volume", "decibels"),
    [("0", "silent (mute)"), ("0.5", "-6"), ("1", "+0"), ("2", "+6"), ("4", "+12")],
)
def test_decibels_stand_beside_multiples(volume: str, decibels: str) -> None:
    assert f"| {volume} | {decibels} |" in PAGE


def test_each_policy_is_one_that_can_be_copied() -> None:
    policies = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]

    allowed = [set(policy["Statement"][0]["Action"]) for policy in policies]
    assert allowed == [
        {
            "live:UpdateCasterSceneAudio",
            "live:DescribeCasterSceneAudio",
            "live:DescribeCasterScenes",
        },
        {"live:DescribeCasterSceneAudio"},
        {"live:UpdateCasterSceneAudio"},
    ]


def test_the_page_is_in_the_documentation() -> None:
    assert (ROOT / "docs" / "reference.md").read_text() == PAGE, "Run `make chart`."
    assert "docs/reference.md" in (ROOT / "README.md").read_text()
