"""The demonstration compares what an object asks for with what the studio has, in one wording."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from typing_extensions import override

from dev.demo.audio import Audio, Layer, rows
from dev.demo.declaration import from_object
from dev.demo.failure import StepError
from dev.demo.studio import Studio

SILENCE = Audio(follows_video=True, layers=())


def declared(**spec: Any) -> Audio:
    """What an object asks for of a scene that follows its video and has no layers."""
    body = {"casterId": "caster", "sceneId": "scene", **spec}
    return from_object({"metadata": {"name": "x"}, "spec": body}).asks_for(SILENCE)


@pytest.fixture
def answers() -> list[tuple[int, dict[str, Any]]]:
    """What the studio answers, in turn."""
    return []


@pytest.fixture
def studio(answers: list[tuple[int, dict[str, Any]]]) -> Iterator[Studio]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.pop(0)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        @override
        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield Studio(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        serving.join()


def layer(**given: Any) -> dict[str, Any]:
    filter_ = {
        "enableAgc": 0,
        "enableAns": 0,
        "ansMode": 0,
        "enableBeautify": 0,
        "voiceBeautifyMode": 0,
    } | given.pop("filter", {})
    usual = {
        "locationId": "RV01",
        "volumeRate": 1.0,
        "validChannel": "all",
        "fixedDelayDuration": 0,
    }
    return usual | given | {"filter": filter_}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param({}, {}, id="defaults"),
        pytest.param({"volumeRate": 0.35}, {"volumeRate": 0.35}, id="volume"),
        pytest.param({"volumeRate": 2}, {"volumeRate": 2.0}, id="whole volume"),
        pytest.param({"validChannel": "LeftChannel"}, {"validChannel": "leftChannel"}, id="left"),
        pytest.param(
            {"validChannel": "RightChannel"}, {"validChannel": "rightChannel"}, id="right"
        ),
        pytest.param({"fixedDelayMilliseconds": 120}, {"fixedDelayDuration": 120}, id="delay"),
        pytest.param(
            {"filter": {"automaticGainControl": True}}, {"filter": {"enableAgc": 1}}, id="gain"
        ),
        pytest.param(
            {"filter": {"noiseReduction": "Speech"}}, {"filter": {"enableAns": 1}}, id="speech"
        ),
        pytest.param(
            {"filter": {"noiseReduction": "Music"}},
            {"filter": {"enableAns": 1, "ansMode": 1}},
            id="music",
        ),
        pytest.param(
            {"filter": {"voiceBeautification": "MagneticMale"}},
            {"filter": {"enableBeautify": 1}},
            id="magnetic male",
        ),
        pytest.param(
            {"filter": {"voiceBeautification": "FreshFemale"}},
            {"filter": {"enableBeautify": 1, "voiceBeautifyMode": 1}},
            id="fresh female",
        ),
    ],
)
def test_a_layer_reads_the_same_in_the_object_and_in_the_studio(
    wanted: dict[str, Any],
    found: dict[str, Any],
    studio: Studio,
    answers: list[tuple[int, dict[str, Any]]],
) -> None:
    answers.append((200, {"audio": {"followEnable": 0, "layers": [layer(**found)]}}))

    asked_for = declared(followMode="AudioMixing", layers=[{"locationId": "RV01", **wanted}])

    assert studio.audio("caster", "scene") == asked_for


def test_what_an_object_leaves_out_stays_as_it_was() -> None:
    one = [{"locationId": "RV01"}]

    assert declared(layers=one).follows_video
    assert declared(followMode="AudioMixing") == Audio(follows_video=False, layers=())


def test_a_studio_that_refuses_to_answer_fails_the_step(
    studio: Studio, answers: list[tuple[int, dict[str, Any]]]
) -> None:
    answers.append((500, {}))

    with pytest.raises(StepError, match="was to answer GET /emulator/scenes/caster/scene"):
        studio.audio("caster", "scene")


def test_nobody_at_the_address_is_no_answer() -> None:
    assert not Studio("http://127.0.0.1:9").answers()


def test_a_scene_is_named_in_the_first_of_its_rows() -> None:
    layers = tuple(
        Layer(location=where, volume="1", channel="all", delay_ms=0, processing="–")
        for where in ("RV01", "RV02")
    )

    shown = list(rows("scene", Audio(follows_video=False, layers=layers)))

    assert [row[:3] for row in shown] == [("scene", "mixing", "RV01"), ("", "", "RV02")]
