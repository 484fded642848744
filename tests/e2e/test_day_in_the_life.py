"""A day of a studio is retold by its Events alone, and by the change record alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random, SystemRandom
from typing import Any

import pytest

from dev.control_plane.plane import ControlPlane
from tests.support.cluster.scene_audios import scene_of
from tests.support.history.life import CHANGES, DRIFTS, FAILURES, IN_HASTE, NAMES, Life
from tests.support.history.mix import Mix, mix_of_call, mix_of_spec
from tests.support.history.retold import Entry, retold
from tests.support.running.declared import EACH_SECOND
from tests.support.running.emulator_thread import Call
from tests.support.running.stage import set_stage

pytestmark = [pytest.mark.control_plane, pytest.mark.timeout(400)]


@dataclass(frozen=True, kw_only=True)
class Day:
    """What each source has: of Events, the record and the service's own journal, by object."""

    life: Life
    events: dict[str, list[Any]]
    lines: dict[str, list[dict[str, Any]]]
    calls: dict[str, list[Call]]


@pytest.fixture(scope="module")
def day(crds: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    directory = tmp_path_factory.mktemp("day")
    record = directory / "changes.jsonl"
    seed = SystemRandom().randrange(10**6)
    print(f"the day's seed: {seed}")  # noqa: T201 (shown where a test fails)
    with set_stage(crds, directory) as stage:
        stage.operator.flags = (*EACH_SECOND, *IN_HASTE, f"--change-log={record}")
        stage.operator.start()
        life = Life(stage, Random(seed))  # noqa: S311 (a day that can be lived again)
        life.live()
        stage.operator.stop()
        lines = [json.loads(line) for line in record.read_text().splitlines()]
        yield Day(
            life=life,
            events={name: stage.objects.events(name) for name in NAMES},
            lines={
                name: [each for each in lines if each["sceneId"] == scene_of(name)]
                for name in NAMES
            },
            calls={name: stage.live.calls(scene_of(name)) for name in NAMES},
        )


def heard(day: Day, name: str) -> list[Mix]:
    """What the scene was set to, by the service's journal."""
    taken = [each for each in day.calls[name] if each["code"] == "OK"]
    return [mix_of_call(each["parameters"]) for each in taken]


def told(day: Day, name: str) -> list[Entry]:
    return retold(day.events[name])


def test_the_day_had_all_that_it_was_to_have(day: Day) -> None:
    life = day.life

    assert sum(map(len, life.wished.values())) == len(NAMES) + CHANGES
    assert sum(map(len, life.failed.values())) == len(FAILURES)
    assert sum(map(len, life.drifted.values())) == DRIFTS


@pytest.mark.parametrize("name", NAMES)
def test_the_events_alone_tell_each_mix_of_a_scene_in_its_order(day: Day, name: str) -> None:
    written = [each.mix for each in told(day, name) if each.reason in {"Applied", "DriftCorrected"}]

    assert written == heard(day, name)


@pytest.mark.parametrize("name", NAMES)
def test_the_events_alone_tell_each_failure_and_what_drifted(day: Day, name: str) -> None:
    entries = told(day, name)
    corrected = [each.what for each in entries if each.reason == "DriftCorrected"]
    failed = [each.reason for each in entries if each.reason not in {"Applied", "DriftCorrected"}]

    assert failed == day.life.failed[name]
    for what, drifted in zip(corrected, day.life.drifted[name], strict=True):
        assert what.startswith(f"{drifted} ")


@pytest.mark.parametrize("name", NAMES)
def test_the_record_alone_tells_each_mix_of_a_scene_in_its_order(day: Day, name: str) -> None:
    taken = [each for each in day.lines[name] if each["outcome"] == "Applied"]

    assert [mix_of_spec(each["after"]) for each in taken] == heard(day, name)
    assert [each["requestId"] for each in taken] == [
        each["requestId"] for each in day.calls[name] if each["code"] == "OK"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_record_alone_tells_each_failure_and_what_drifted(day: Day, name: str) -> None:
    lines = day.lines[name]
    failed = [each for each in lines if each["outcome"] != "Applied"]
    drifts = [each["drift"] for each in lines if each["why"] == "drift"]

    assert [each["outcome"] for each in failed] == day.life.failed[name]
    for what, drifted in zip(drifts, day.life.drifted[name], strict=True):
        assert what.startswith(f"{drifted} ")


@pytest.mark.parametrize("name", NAMES)
def test_both_tell_what_people_wished(day: Day, name: str) -> None:
    wished = [mix_of_spec(each) for each in day.life.wished[name]]

    by_events = [each.mix for each in told(day, name) if each.reason == "Applied"]
    by_record = [
        mix_of_spec(each["after"])
        for each in day.lines[name]
        if each["outcome"] == "Applied" and each["why"] != "drift"
    ]

    assert by_events == by_record == wished
