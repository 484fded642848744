"""What comes from outside and has no measure: it fits before it goes any further."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from multidict import CIMultiDict

from caster_scene_audio.adapters.live.answers import Answer, listed_scenes, observed_audio, updated
from caster_scene_audio.domain.audio import ObservedAudio, audio_as_spec
from caster_scene_audio.domain.body import scene_audio_from, status_body, status_from
from caster_scene_audio.domain.comparison import differences
from caster_scene_audio.domain.outcome import drifted
from tests.support.simulation.objects import NOON, scene_audio, spec

HUGE = "x" * 900_000
FITS = 20_000
"""Characters of what is left of the largest things, as JSON."""


def answer(document: dict[str, Any]) -> Answer:
    body = json.dumps({"RequestId": "R-1"} | document).encode()
    return Answer(host="live.example", status=200, headers=CIMultiDict(), body=body)


def read(locations: list[str], *layers: dict[str, Any]) -> ObservedAudio:
    return observed_audio(
        answer({"MixList": {"LocationId": locations}, "AudioLayers": {"AudioLayer": layers}})
    )


def test_a_request_id_without_end_is_cut() -> None:
    updating, reading = answer({"RequestId": HUGE}), answer({"RequestId": HUGE})

    assert len(updated(updating)) == 128
    assert len(observed_audio(reading).request_id) == 128


def test_a_scenes_name_without_end_is_cut() -> None:
    [scene] = listed_scenes(answer({"SceneList": {"Scene": [{"SceneName": HUGE}]}}))

    assert len(scene.name) == 128


def test_of_more_layers_than_any_scene_has_the_first_are_read() -> None:
    observed = read([f"RV{number}" for number in range(60_000)], *[{}] * 60_000)

    assert observed.layers is not None
    assert len(observed.layers) == 128
    assert len(json.dumps(audio_as_spec(observed))) < FITS


def test_a_location_without_end_is_cut_and_is_none_that_a_spec_can_name() -> None:
    observed = read([HUGE, "R" * 64])

    assert observed.layers is not None
    cut, whole = (layer.location_id for layer in observed.layers)
    assert (len(cut), cut[-1]) == (64, "…")
    assert whole == "R" * 64


@pytest.mark.parametrize("location", ["RV01\n", "RV\x0001", " RV01", "RV01\u202e", "\u2028RV01"])
def test_a_location_that_breaks_a_line_is_made_fit_and_still_is_another(location: str) -> None:
    observed = read([location])

    [difference] = differences(spec(layers=[{"locationId": "RV01"}]), observed)[:1]
    assert "�" in str(difference)
    assert f"{difference}".isprintable()


@pytest.mark.parametrize("number", [10**30, 1e30, "1e30", -(10**30)])
def test_a_number_beyond_any_sense_is_bounded_and_still_differs(number: object) -> None:
    observed = read(["RV01"], {"VolumeRate": number})
    delayed = read(["RV01"], {"FixedDelayDuration": number if number != "1e30" else "1" * 31})

    for each in (observed, delayed):
        assert len(differences(spec(layers=[{"locationId": "RV01"}]), each)) == 1
        assert "1000000000" in json.dumps(audio_as_spec(each))
        assert len(json.dumps(audio_as_spec(each))) < 100


def test_whatever_a_reading_shows_the_message_of_a_drift_fits() -> None:
    wanted = spec(layers=[{"locationId": "RV01"}])
    found = differences(wanted, read(["L" * 64 for _ in range(10_000)]))

    status = drifted(scene_audio(), found, observed={}, now=NOON)

    assert max(len(each.message) for each in status.conditions) <= 1024


def condition(**fields: Any) -> dict[str, Any]:
    return {
        "type": "Ready",
        "status": "False",
        "reason": "Applied",
        "message": "",
        "lastTransitionTime": "2026-08-15T12:00:00Z",
        "observedGeneration": 1,
    } | fields


@pytest.mark.parametrize(
    "raw",
    [
        {"requestId": HUGE},
        {"conditions": [condition(message=HUGE)]},
        {"conditions": [condition(reason=HUGE)]},
        {"lastError": {"code": HUGE, "message": HUGE, "time": "2026-08-15T12:00:00Z"}},
        {"observed": {"followMode": HUGE}},
        {"replaced": {"layers": [{"locationId": f"{number}"} for number in range(50_000)]}},
        {"applied": {"layers": [{"locationId": f"{number}"} for number in range(50_000)]}},
        {"lastHandledReconcileAt": HUGE},
    ],
    ids=lambda raw: next(iter(raw)),
)
def test_what_another_writer_puts_into_a_status_is_not_written_back_whole(
    raw: dict[str, Any],
) -> None:
    kept = status_body(status_from({"observedGeneration": 7} | raw))

    assert kept["observedGeneration"] == 7
    assert len(json.dumps(kept)) < FITS


@pytest.mark.parametrize(("written", "read_as"), [(10**30, 10**6), (-3, 0), (7, 7)])
def test_a_count_of_attempts_has_its_bounds(written: int, read_as: int) -> None:
    assert status_from({"attempts": written}).attempts == read_as


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0001-01-01T00:00:00Z", "2000-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "2200-01-01T00:00:00Z"),
        ("2026-08-15T14:00:00+02:00", "2026-08-15T12:00:00Z"),
        ("2026-08-15T12:00:00", "2026-08-15T12:00:00Z"),
    ],
)
def test_a_time_of_another_writer_is_one_that_the_api_server_takes(written: str, kept: str) -> None:
    status = status_from(
        {"conditions": [condition(lastTransitionTime=written)], "lastAppliedTime": written}
    )

    body = status_body(status)

    assert body["conditions"][0]["lastTransitionTime"] == kept
    assert body["lastAppliedTime"] == kept
    assert status.last_applied_time is not None
    assert status.last_applied_time - datetime.now(UTC)  # comparable with any other


def asking(value: str) -> dict[str, Any]:
    metadata = {"namespace": "studio", "name": "show", "uid": "u-1", "generation": 1}
    return {
        "metadata": metadata
        | {"annotations": {"live.alibabacloud.com/reconcile-requested-at": value}}
    }


def test_a_reconcile_request_without_end_is_told_from_another_and_fits() -> None:
    one, other = (scene_audio_from(asking(f"{HUGE}{end}")).reconcile_request for end in "ab")

    assert one != other
    assert one is not None
    assert len(one) <= 256
    assert status_from({"lastHandledReconcileAt": one}).last_handled_reconcile_at == one


def test_an_ordinary_reconcile_request_stays_as_it_is() -> None:
    assert scene_audio_from(asking("2026-08-15 12:00")).reconcile_request == "2026-08-15 12:00"
