import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from caster_scene_audio import logs
from caster_scene_audio.settings import Settings


@pytest.fixture(autouse=True)
def _root_logger_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


FACTS = {
    "object": "studio/show",
    "generation": 3,
    "reason": "Applied",
    "requestId": "16A9",
    "error": "two words",
    "code": None,
    "nextRetryTime": datetime(2026, 8, 15, 12, 0, tzinfo=UTC),
}


def test_json_is_one_object_a_line_with_the_values_beside_the_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(Settings(log_format="json"))

    logging.getLogger("somewhere").info("Scene audio applied", extra=FACTS)

    line = json.loads(capsys.readouterr().err)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "somewhere",
        "message": "Scene audio applied",
        "object": "studio/show",
        "generation": 3,
        "reason": "Applied",
        "requestId": "16A9",
        "error": "two words",
        "nextRetryTime": "2026-08-15T12:00:00+00:00",
    }


def test_text_is_the_sentence_and_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(log_format="text"))

    logging.getLogger("somewhere").warning("Scene audio applied", extra=FACTS)

    _, level, rest = capsys.readouterr().err.rstrip().split(maxsplit=2)
    assert level == "WARNING"
    assert rest == (
        "Scene audio applied object=studio/show generation=3 reason=Applied requestId=16A9 "
        "error='two words' nextRetryTime=2026-08-15T12:00:00+00:00"
    )


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(log_level="warning"))

    logging.getLogger("somewhere").info("nothing of note")

    assert capsys.readouterr().err == ""
