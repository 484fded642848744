"""Change records in a file: a line each, and a file that is moved away is made anew."""

import json
import logging
from pathlib import Path

import pytest

from caster_scene_audio.adapters.change_log import ChangeLogUnusable, change_log
from caster_scene_audio.domain.change_record import ChangeRecord, begun
from caster_scene_audio.domain.plan import Cause
from tests.emulator.patience import until
from tests.support.simulation.objects import NOON, scene_audio, spec


def change(name: str = "show") -> ChangeRecord:
    return begun(scene_audio(name), spec(), Cause.SPEC, now=NOON)


def objects_in(path: Path) -> list[str]:
    return [json.loads(line)["object"] for line in path.read_text().splitlines()]


async def test_records_are_appended_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "changes.jsonl"

    for name in ("one", "two"):
        async with change_log(f"{path}") as changes:
            assert changes is not None
            changes.record(change(name))

    assert objects_in(path) == ["studio/one", "studio/two"]


async def test_a_file_that_is_moved_away_is_made_anew(tmp_path: Path) -> None:
    path, moved = tmp_path / "changes.jsonl", tmp_path / "changes.jsonl.1"

    async with change_log(f"{path}") as changes:
        assert changes is not None
        changes.record(change("one"))
        await until(lambda: path.read_text() != "")
        path.rename(moved)
        changes.record(change("two"))

    assert (objects_in(moved), objects_in(path)) == (["studio/one"], ["studio/two"])


async def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChangeLogUnusable, match=r"missing/changes\.jsonl: No such file"):
        async with change_log(f"{tmp_path}/missing/changes.jsonl"):
            pass


async def test_a_line_that_cannot_be_written_is_told_and_harms_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with change_log("/dev/full") as changes:
        assert changes is not None
        changes.record(change())

    [told] = caplog.records
    assert told.message == "A change record could not be written"
    assert vars(told)["file"] == "/dev/full"


async def test_a_record_in_the_log_is_json_as_text_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async with change_log("log") as changes:
        assert changes is not None
        changes.record(change())

    told = vars(caplog.records[0])["change"]
    assert json.loads(str(told)) == told == change().as_json()


@pytest.mark.parametrize("target", [None, ""])
async def test_without_a_target_there_is_none(target: str | None) -> None:
    async with change_log(target) as changes:
        assert changes is None
