"""A cluster that is shared out among operators by labels."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.cluster.scene_audios import scene_of
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

KEYS = {"one": "key-of-one", "two": "key-of-two"}


@pytest.fixture
def both(stage: Stage, tmp_path: Path) -> Iterator[dict[str, OperatorProcess]]:
    """Two that share the objects out, each with a key of its own to be told by."""
    made = {}
    for name, selector in (("one", "part=one"), ("two", "part!=one")):
        directory = tmp_path / name
        directory.mkdir()
        stage.live.put_key(KEYS[name], secret=f"the-secret-of-{name}", account=name)
        environ = {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": KEYS[name],
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": f"the-secret-of-{name}",
        }
        flags = (f"--selector={selector}", "--interval=1s", "--interval-floor=1s")
        made[name] = replace(
            stage.operator, directory=directory, environ=environ, flags=flags, _process=None
        )
    for each in made.values():
        each.start()
    yield made
    for each in made.values():
        each.stop()


def scene_callers(stage: Stage, name: str) -> set[str]:
    return {
        call["accessKeyId"]
        for call in stage.live.calls(action=None)
        if call["parameters"].get("SceneId") == scene_of(name)
    }


def test_each_serves_what_fits_and_nothing_else(
    stage: Stage, both: dict[str, OperatorProcess]
) -> None:
    stage.objects.create("first", metadata={"labels": {"part": "one"}})
    stage.objects.create("second", metadata={"labels": {"part": "two"}})
    stage.objects.create("third")

    for name in ("first", "second", "third"):
        stage.objects.until_applied(name)

    assert scene_callers(stage, "first") == {KEYS["one"]}
    assert scene_callers(stage, "second") == scene_callers(stage, "third") == {KEYS["two"]}


def test_an_object_that_gets_another_label_changes_hands(
    stage: Stage, both: dict[str, OperatorProcess]
) -> None:
    stage.objects.create("show", metadata={"labels": {"part": "one"}})
    stage.objects.until_applied("show")

    stage.objects.patch("show", {"metadata": {"labels": {"part": "two"}}})
    eventually(lambda: KEYS["two"] in scene_callers(stage, "show"))
    stage.live.forget_calls()
    stage.objects.change("show", layers=[{"locationId": "RV01", "volumeRate": 0.5}])
    stage.objects.until_applied("show")

    assert scene_callers(stage, "show") == {KEYS["two"]}
