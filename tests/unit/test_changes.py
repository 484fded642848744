from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caster_scene_audio.domain import outcome
from caster_scene_audio.domain.changes import (
    SHOWN,
    changes,
    listed,
    replaced_audio,
    untold_filters,
)
from caster_scene_audio.domain.comparison import Difference
from caster_scene_audio.domain.object_event import object_event_of
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import (
    AppliedAudio,
    AudioFilter,
    Channel,
    FollowMode,
    Layer,
    NoiseReduction,
    VoiceBeautification,
)
from caster_scene_audio.domain.status import MESSAGE_LIMIT, ConditionType, Status
from tests.support.simulation.objects import NOON, scene_audio, spec

filters = st.builds(
    AudioFilter.model_construct,
    automatic_gain_control=st.booleans(),
    noise_reduction=st.none() | st.sampled_from(NoiseReduction),
    voice_beautification=st.none() | st.sampled_from(VoiceBeautification),
)
FIELDS = {
    "volume_rate": st.sampled_from([0.0, 0.35, 0.7, 1.0, 10.0]),
    "valid_channel": st.sampled_from(Channel),
    "fixed_delay_milliseconds": st.sampled_from([0, 1, 120, 5000]),
    "filter": filters,
}
NAMES = {
    "volume_rate": "volumeRate",
    "valid_channel": "validChannel",
    "fixed_delay_milliseconds": "fixedDelayMilliseconds",
    "filter": "filter",
}


def _layer(location: str) -> st.SearchStrategy[Layer]:
    return st.builds(Layer.model_construct, location_id=st.just(location), **FIELDS)


layers = st.lists(
    st.sampled_from(["RV01", "RV02", "RV03", "RV04"]), min_size=1, unique=True
).flatmap(lambda names: st.tuples(*map(_layer, names)))
audios = st.builds(
    AppliedAudio.model_construct,
    follow_mode=st.none() | st.sampled_from(FollowMode),
    layers=st.none() | layers,
)


@given(audios)
def test_what_is_the_same_has_no_changes(audio: AppliedAudio) -> None:
    assert changes(audio, audio) == []


@given(audios, audios)
def test_there_are_changes_where_the_later_says_something_else_and_only_there(
    before: AppliedAudio, after: AppliedAudio
) -> None:
    said = [(getattr(before, name), getattr(after, name)) for name in AppliedAudio.model_fields]

    differs = any(has is not None and had != has for had, has in said)

    assert bool(changes(before, after)) == differs


@given(layers, layers)
def test_every_layer_that_comes_goes_or_differs_is_named_and_each_of_its_fields(
    before: tuple[Layer, ...], after: tuple[Layer, ...]
) -> None:
    had = {each.location_id: each for each in before}
    has = {each.location_id: each for each in after}

    told = changes(
        AppliedAudio.model_construct(layers=before), AppliedAudio.model_construct(layers=after)
    )

    for location in has.keys() - had.keys():
        assert any(each.startswith(f"{location} added (") for each in told)
    for location in had.keys() - has.keys():
        assert f"{location} removed" in told
    for location in had.keys() & has.keys():
        for field, name in NAMES.items():
            differs = getattr(had[location], field) != getattr(has[location], field)
            assert any(each.startswith(f"{location} {name} ") for each in told) == differs


@given(st.permutations(["RV01", "RV02", "RV03"]))
def test_another_order_is_told(order: list[str]) -> None:
    before = AppliedAudio(layers=tuple(Layer(locationId=each) for each in sorted(order)))
    after = AppliedAudio(layers=tuple(Layer(locationId=each) for each in order))

    told = changes(before, after)

    if order == sorted(order):
        assert told == []
    else:
        assert told == [f"order [RV01, RV02, RV03] → [{', '.join(order)}]"]


def test_a_layer_that_comes_first_is_told_with_the_order() -> None:
    before = AppliedAudio(layers=(Layer(locationId="RV01"),))
    after = AppliedAudio(layers=(Layer(locationId="RV02"), Layer(locationId="RV01")))

    assert changes(before, after) == ["RV02 added (1)", "order [RV01] → [RV02, RV01]"]


@given(st.none() | audios, audios)
def test_untold_filters_are_those_of_the_locations_that_were_never_sent(
    before: AppliedAudio | None, after: AppliedAudio
) -> None:
    sent = {each.location_id for each in (before.layers if before else None) or ()}
    new = [each.location_id for each in after.layers or () if each.location_id not in sent]

    told = untold_filters(before, after)

    assert [each.split()[0] for each in told.split("; ") if each] == new


@pytest.mark.parametrize("replaced", [None, {}, {"layers": [{"volumeRate": 1}]}, {"more": 1}])
def test_what_a_scene_had_is_not_known_where_it_cannot_be_read(
    replaced: dict[str, object] | None,
) -> None:
    assert replaced_audio(replaced) is None


def test_of_many_changes_the_first_are_listed_and_the_rest_is_counted() -> None:
    told = listed([f"change {number}" for number in range(SHOWN + 3)])

    assert told.endswith("change 7, and 3 more")
    assert listed([]) == ""


def test_the_event_of_a_change_says_field_by_field_what_changed() -> None:
    before = spec(layers=[{"locationId": "RV01", "volumeRate": 0.7}, {"locationId": "RV02"}])
    after = spec(
        followMode="AudioFollowsVideo",
        layers=[
            {"locationId": "RV01", "volumeRate": 0.8},
            {"locationId": "RV03", "volumeRate": 0.35, "fixedDelayMilliseconds": 120},
        ],
    )
    had = outcome.applied(scene_audio(), before, request_id="1", now=NOON)

    has = outcome.applied(
        replace(scene_audio(generation=2), status=had), after, request_id="2", now=NOON
    )

    event = object_event_of(had, has)
    assert event is not None
    assert event.note.endswith(
        "Changed: followMode AudioMixing → AudioFollowsVideo, RV01 volumeRate 0.7 → 0.8,"
        " RV03 added (0.35, delay 120 ms), RV02 removed"
    )


def test_the_event_of_the_first_write_says_what_it_replaced() -> None:
    replaced = {"followMode": "AudioFollowsVideo", "layers": [{"locationId": "RV01"}]}
    had = replace(Status(), replaced=replaced)
    wanted = spec(layers=[{"locationId": "RV01", "volumeRate": 0.5}])

    has = outcome.applied(scene_audio(status=had), wanted, request_id="1", now=NOON)

    event = object_event_of(had, has)
    assert event is not None
    assert event.note.endswith(
        "Changed: followMode AudioFollowsVideo → AudioMixing, RV01 volumeRate 1 → 0.5"
    )


def test_a_write_says_which_layers_filters_were_never_told_or_sent_before() -> None:
    before = spec(layers=[{"locationId": "RV01"}])
    after = spec(
        layers=[
            {"locationId": "RV01", "volumeRate": 2},
            {"locationId": "RV02", "filter": {"noiseReduction": "Speech"}},
            {"locationId": "RV03"},
        ]
    )

    first = outcome.applied(scene_audio(), before, request_id="1", now=NOON)
    second = outcome.applied(
        replace(scene_audio(generation=2), status=first), after, request_id="2", now=NOON
    )
    third = outcome.applied(
        replace(scene_audio(generation=3), status=second), after, request_id="3", now=NOON
    )

    assert message_of(first).endswith("could not be read before: RV01 off.")
    assert message_of(second).endswith(
        "could not be read before: RV02 noise reduction Speech; RV03 off."
    )
    assert "Filters" not in message_of(third)
    event = object_event_of(first, second)
    assert event is not None
    assert "RV02 noise reduction Speech; RV03 off." in event.note


def test_a_correction_says_of_filters_what_a_change_says() -> None:
    found = (Difference(field="followMode", observed="a", wanted="b"),)
    seen = scene_audio()
    seen = replace(seen, plan=seen.plan.found(found))

    after = outcome.applied(seen, spec(layers=[{"locationId": "RV01"}]), request_id="1", now=NOON)

    assert after.reason == Reason.DRIFT_CORRECTED
    assert "RV01 off" in message_of(after)


def test_a_message_stays_within_its_limit_however_many_layers_there_are() -> None:
    wanted = spec(layers=[{"locationId": f"RV{n:062}"} for n in range(64)])

    after = outcome.applied(scene_audio(), wanted, request_id="1", now=NOON)

    assert len(message_of(after)) == MESSAGE_LIMIT


def message_of(status: Status) -> str:
    ready = status.condition(ConditionType.READY)
    assert ready is not None
    return ready.message
