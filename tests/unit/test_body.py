import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from caster_scene_audio.domain.body import (
    scene_audio_from,
    slim,
    spec_from,
    status_body,
    status_from,
)
from caster_scene_audio.domain.bounds import TOKEN_LIMIT
from caster_scene_audio.domain.failure import Failure
from caster_scene_audio.domain.objects import RECONCILE_REQUEST, UnreadableSpec
from caster_scene_audio.domain.outcome import applied, failed
from caster_scene_audio.domain.retry import Retry
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import MESSAGE_LIMIT, Action, ConditionType, Status
from tests.support.simulation.objects import IN_CHANNEL, NOON, scene_audio, spec

LAYERS = [{"locationId": "RV01", "filter": {"noiseReduction": "Music"}}, {"locationId": "RV02"}]


def failing(
    status: Status | None = None, *, now: datetime = NOON, error: Failure = IN_CHANNEL
) -> Status:
    return failed(
        scene_audio(generation=3, status=status),
        failure=error,
        action=Action.UPDATE,
        retry=Retry(attempts=1, delay=timedelta(seconds=3), stalled=False),
        now=now,
    )


def done(status: Status | None = None, *, now: datetime = NOON) -> Status:
    seen = scene_audio(generation=3, status=status)
    return applied(seen, spec(layers=LAYERS), request_id="REQUEST-1", now=now)


@pytest.mark.parametrize(
    "status",
    [
        Status(),
        done(),
        failing(),
    ],
    ids=["new", "applied", "failing"],
)
def test_a_status_is_read_back_as_it_was_written(status: Status) -> None:
    assert status_from(status_body(status)) == status


def test_a_success_holds_nothing_of_earlier_failures() -> None:
    body = status_body(done(failing()))

    assert not {"lastError", "attempts", "nextRetryTime"} & body.keys()
    assert [each["type"] for each in body["conditions"]] == ["Ready"]


def test_every_condition_carries_the_generation() -> None:
    body = status_body(failing())

    assert body["observedGeneration"] == 3
    assert [each["observedGeneration"] for each in body["conditions"]] == [3, 3]


def test_a_transition_time_changes_only_with_the_conditions_status() -> None:
    later, latest = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
    again = failing(failing(), now=later)
    success = done(again, now=latest)

    def since(status: Status) -> object:
        ready = status.condition(ConditionType.READY)
        return ready and ready.last_transition_time

    assert [since(failing()), since(again), since(success)] == [NOON, NOON, latest]


def test_an_endless_message_is_cut_and_keeps_its_request_id() -> None:
    endless = replace(IN_CHANNEL, message="x" * 100_000)

    body = status_body(failing(error=endless))

    assert len(body["lastError"]["message"]) == MESSAGE_LIMIT
    assert len(body["conditions"][0]["message"]) == MESSAGE_LIMIT
    assert body["conditions"][0]["message"].endswith("RequestId REQUEST-OF-FAILURE.")


@pytest.mark.parametrize(
    "raw",
    [None, {}, {"observedGeneration": "many"}, {"conditions": [{}]}, "text", {"attempts": []}],
    ids=["absent", "empty", "wrong type", "half a condition", "text", "list for a number"],
)
def test_a_malformed_status_counts_as_none(raw: object) -> None:
    assert status_from(raw) == Status()


def test_an_object_is_read_from_its_body() -> None:
    seen = scene_audio_from(
        {
            "metadata": {"namespace": "studio", "name": "show", "uid": "u-1", "generation": 4},
            "spec": {"casterId": "c", "sceneId": "s", "layers": [{"locationId": "RV01"}]},
        }
    )

    assert str(seen.ref) == "studio/show"
    assert seen.generation == 4
    assert not isinstance(seen.spec, UnreadableSpec)
    assert seen.spec.layers is not None
    assert seen.spec.layers[0].volume_rate == 1.0
    assert seen.status == Status()


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ({"sceneId": "s", "followMode": "AudioMixing"}, "spec.casterId"),
        ({"casterId": "c", "sceneId": "s"}, "give followMode, layers or both"),
        ({"casterId": "c", "sceneId": "s", "followMode": "Loud"}, "spec.followMode"),
        (
            {"casterId": "c", "sceneId": "s", "layers": [{"locationId": "A", "volumeRate": 11}]},
            "spec.layers[0].volumeRate",
        ),
        (
            {"casterId": "c", "sceneId": "s", "layers": [{"locationId": "A"}] * 2},
            "names A more than once",
        ),
        ({"casterId": "c", "sceneId": "s", "layers": [{"locationId": "A", "pan": 1}]}, "pan"),
        (None, "spec"),
    ],
    ids=["missing", "nothing wanted", "enum", "range", "twice", "unknown field", "no spec"],
)
def test_a_spec_that_cannot_be_read_says_which_field_and_why(raw: object, complaint: str) -> None:
    spec = spec_from(raw)

    assert isinstance(spec, UnreadableSpec)
    assert complaint in spec.message


def bearing(**metadata: Any) -> dict[str, Any]:
    names = {"namespace": "studio", "name": "show", "uid": "1", "generation": 2}
    stamps = {"creationTimestamp": "2026-08-15T12:00:00Z", "resourceVersion": "7"}
    return {"metadata": names | stamps | metadata, "spec": {}}


def test_a_long_reconcile_request_is_kept_in_short_and_still_told_from_others() -> None:
    def requested(value: str) -> str | None:
        return scene_audio_from(bearing(annotations={RECONCILE_REQUEST: value})).reconcile_request

    long = "x" * 200_000
    assert 0 < len(requested(long) or "") <= TOKEN_LIMIT
    assert requested(f"{long}y") != requested(long)
    assert requested("x" * TOKEN_LIMIT) == "x" * TOKEN_LIMIT


def test_a_slim_body_is_the_same_object_whatever_else_was_written_on_it() -> None:
    large = "x" * 100_000
    body = bearing(
        annotations={RECONCILE_REQUEST: large, "note": large},
        labels={large: large},
        managedFields=[
            {"manager": large, "fieldsV1": {"f:metadata": {}}, "time": "2026-08-15T13:00:00Z"},
            {"manager": "git", "fieldsV1": {"f:spec": {large: {}}}, "time": "2026-08-15T12:00:00Z"},
        ],
        finalizers=[large],
    )

    kept = slim(body)

    assert scene_audio_from(kept) == scene_audio_from(body)
    assert scene_audio_from(kept).written_by == "git"
    assert len(f"{kept['metadata']}") < 2000


def test_equal_audio_is_held_once() -> None:
    layers = [{"locationId": f"RV{n}", "filter": {"noiseReduction": "Music"}} for n in range(2)]

    text = json.dumps(
        {
            "metadata": {"namespace": "a", "name": "b", "uid": "c", "generation": 1},
            "spec": {"casterId": "c", "sceneId": "s", "layers": layers},
            "status": {"applied": {"layers": layers}, "replaced": {"layers": layers}},
        }
    )

    one, other = scene_audio_from(json.loads(text)), scene_audio_from(json.loads(text))

    assert isinstance(one.spec, SceneAudioSpec)
    assert one.spec.layers
    assert one.status.applied
    assert one.status.applied.layers is one.spec.layers
    assert one.spec.layers[0].filter is one.spec.layers[1].filter
    assert names_in(one.status.replaced) == names_in(other.status.replaced)


def names_in(said: dict[str, Any] | None) -> list[int]:
    """Which strings they are, not only what they say."""
    assert said
    return [id(name) for layer in said["layers"] for name in layer]
