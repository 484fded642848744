"""`plan` as a process, against the emulator."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.control_plane.processes import free_ports
from live_emulator.dials import UPDATE
from tests.support.running.commands import Ended, command
from tests.support.running.emulator_thread import CASTER, LiveService, live_service
from tests.support.running.operator_process import KEY

READ = "DescribeCasterSceneAudio"
AUDIO = {
    "followEnable": 0,
    "layers": [
        {"locationId": "RV01", "volumeRate": 1.0},
        {"locationId": "RV02", "volumeRate": 0.8},
    ],
}
OBJECT = """\
apiVersion: live.alibabacloud.com/v1alpha1
kind: CasterSceneAudio
metadata:
  name: {name}
spec:
  casterId: {caster}
  sceneId: {name}
  followMode: AudioMixing
  layers:
    - locationId: RV01
    - locationId: RV02
      volumeRate: {volume}
"""


@pytest.fixture
def live() -> Iterator[LiveService]:
    with live_service() as service:
        yield service


@pytest.fixture
def studio(tmp_path: Path, live: LiveService) -> Path:
    """A folder with two scenes, of which the service has both, and one otherwise."""
    for name, volume in (("interview", 1.4), ("opening", 0.8)):
        live.put_scene(name, audio=AUDIO)
        text = OBJECT.format(name=name, caster=CASTER, volume=volume)
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def plan(live: LiveService, *arguments: str | Path, **environ: str) -> Ended:
    reached = {
        "CASTER_SCENE_AUDIO_LIVE_ENDPOINT": live.url,
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
    }
    return command("plan", *arguments, environ={**KEY, **reached, **environ})


def test_it_shows_what_would_change_and_writes_nothing(live: LiveService, studio: Path) -> None:
    done = plan(live, studio)

    assert done.code == 2
    assert done.data == (
        f"interview (caster {CASTER}, scene interview)\n  RV02  0.80 → 1.40 (−1.9 → +2.9 dB)\n"
        "  on air: what changes is heard at once\n"
    )
    assert done.words == "Scenes: 2, to be written: 1.\n"
    assert live.calls(action=UPDATE) == []


def test_it_shows_nothing_where_the_studio_is_as_declared(live: LiveService, studio: Path) -> None:
    done = plan(live, studio / "opening.yaml")

    assert (done.code, done.data) == (0, "")
    assert done.words == "Scenes: 1, to be written: 0.\n"


def test_json_has_every_scene(live: LiveService, studio: Path) -> None:
    done = plan(live, "-o", "json", studio)

    first, second = json.loads(done.data)["scenes"]
    assert first["plan"]["changes"] == [{"subject": "RV02", "text": "0.80 → 1.40 (−1.9 → +2.9 dB)"}]
    assert second["plan"]["is_written"] is False


def test_markdown_is_for_a_comment(live: LiveService, studio: Path) -> None:
    done = plan(live, "-o", "markdown", studio)

    assert done.data.startswith("**Scenes: 2, to be written: 1.**\n\n`interview`, scene")
    assert "```text\nRV02  0.80 → 1.40" in done.data


def test_a_throttled_service_is_waited_for_and_that_is_said(
    live: LiveService, studio: Path
) -> None:
    live.fail("opening", action=READ, code="Throttling.User", retryAfterMs=50)

    done = plan(live, studio / "opening.yaml")

    assert done.code == 0
    assert "quota is used up; waiting" in done.words


def test_a_mistake_in_a_file_is_told_and_nothing_is_read(live: LiveService, studio: Path) -> None:
    (studio / "wrong.yaml").write_text(OBJECT.format(name="wrong", caster=CASTER, volume="-6dB"))

    done = plan(live, studio)

    assert (done.code, done.data) == (1, "")
    assert "wrong.yaml:12:7: error:" in done.words
    assert live.calls(action=READ) == []


def test_missing_credentials_are_told_of(live: LiveService, studio: Path) -> None:
    done = plan(
        live,
        studio / "opening.yaml",
        ALIBABA_CLOUD_ACCESS_KEY_ID="",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET="",
        HOME=f"{studio}",
    )

    assert done.code == 1
    assert "can't be read" in done.data
    assert "Traceback" not in done.words


def test_a_service_out_of_reach_is_told_of(live: LiveService, studio: Path) -> None:
    port = next(free_ports())

    done = plan(live, "--live-endpoint", f"http://127.0.0.1:{port}", studio / "opening.yaml")

    assert done.code == 1
    assert "can't be read" in done.data


def test_an_endpoint_that_is_no_url_is_told_of(live: LiveService, studio: Path) -> None:
    done = plan(live, "--live-endpoint", "nowhere", studio)

    assert done.code == 1
    assert "--live-endpoint" in done.words
    assert "Traceback" not in done.words


def test_help_loads_no_http_client() -> None:
    done = command("plan", "--help", environ={"PYTHONPROFILEIMPORTTIME": "1"})

    loaded = {line.rpartition("|")[2].strip() for line in done.words.splitlines()}
    assert not loaded & {"aiohttp", "cel", "kopf", "kubernetes", "pydantic"}
    assert "exit codes:" in done.data
