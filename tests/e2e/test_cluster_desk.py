"""`caster-scene-audio desk` in a real browser: the objects of a cluster as channel strips."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.browser.accessibility import grave_faults
from tests.support.browser.browser import NO_BROWSER, Browser, browser_programs, browsing
from tests.support.cluster.scene_audios import scene_of
from tests.support.running.operator_process import KEY, PROGRAM
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane
needs_browser = pytest.mark.skipif(browser_programs() is None, reason=NO_BROWSER)

FADER = 'input[type="range"][data-location="RV01"]'
MANAGER = "caster-scene-audio-desk"


def layers(volume: float) -> list[dict[str, Any]]:
    return [{"locationId": "RV01", "volumeRate": volume}, {"locationId": "RV02"}]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as made:
        yield made


@contextmanager
def desk(stage: Stage, *flags: str, environ: dict[str, str] | None = None) -> Iterator[str]:
    """The address that the program prints; it ends quietly by SIGINT."""
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [PROGRAM, "desk", "-n", stage.namespace, *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "KUBECONFIG": f"{stage.plane.kubeconfig}",
            "CASTER_SCENE_AUDIO_LIVE_ENDPOINT": stage.live.url,
            "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
            **KEY,
            **(environ or {}),
        },
    )
    try:
        assert process.stdout
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(2)
        _, words = process.communicate(timeout=20)
    assert process.returncode == 0, words
    assert "Traceback" not in words


def shown(browser: Browser) -> str | None:
    return browser.one(FADER).attribute("aria-valuetext")


def volume_of(stage: Stage) -> float:
    body = stage.objects.read("show")
    assert body is not None
    return float(body["spec"]["layers"][0]["volumeRate"])


@needs_browser
def test_what_kubectl_applies_moves_the_fader(browser: Browser, stage: Stage) -> None:
    stage.operator.start()
    stage.objects.create("show", layers=layers(0.5))
    stage.objects.until_applied("show")

    with desk(stage) as address:
        browser.look(width=1280)
        browser.open(address)
        eventually(lambda: shown(browser) == "−6.0 dB, ×0.5")
        stage.objects.change("show", layers=layers(2))
        eventually(lambda: shown(browser) == "+6.0 dB, ×2")
        request_id = stage.objects.until_applied("show")["status"]["requestId"]
        eventually(lambda: request_id in browser.one(".last").text)
        eventually(lambda: "Applied" in browser.one(".marks").text)

        stage.objects.delete("show")
        eventually(lambda: not browser.all("article"))


@needs_browser
def test_declared_and_actual_stand_side_by_side(browser: Browser, stage: Stage) -> None:
    stage.operator.flags = ("--interval=1s", "--interval-floor=1s")
    stage.operator.start()
    stage.objects.create("show", layers=layers(0.5), drift="Report")
    stage.objects.until_applied("show")
    stage.live.put_scene(
        scene_of("show"),
        audio={"followEnable": 0, "layers": [{"locationId": "RV01", "volumeRate": 2}]},
    )
    stage.objects.until("show", "Drifted")

    with desk(stage) as address:
        browser.open(address)
        eventually(lambda: shown(browser) == "+6.0 dB, ×2")

        assert browser.one(".strip.differs .wanted").text == "declared −6.0 dB"
        assert "Drifted" in browser.one(".marks").text


@needs_browser
def test_a_fader_that_is_moved_is_a_command_and_nothing_is_written(
    browser: Browser, stage: Stage
) -> None:
    stage.operator.start()
    stage.live.put_scene(scene_of("show"), outputType="0")
    stage.objects.create("show", layers=layers(1))
    stage.objects.until_applied("show")

    with desk(stage) as address:
        browser.open(address)
        eventually(lambda: shown(browser) == "0.0 dB, ×1")
        browser.one(FADER).type("up")
        eventually(lambda: "kubectl patch csa show" in browser.one("#proposal-command").text)
        command = browser.one("#proposal-command").text
        yaml = browser.one("#proposal-yaml").text

        assert grave_faults(browser) == []
        assert browser.one("#proposal-air").text == "The scene is in preview."
        assert not browser.one("#proposal-apply").text  # it is hidden
        assert "volumeRate: 1.06" in yaml
        assert volume_of(stage) == 1
        browser.one("#proposal-close").click()
        eventually(lambda: shown(browser) == "0.0 dB, ×1")

    kubectl = command.replace("kubectl ", f"{stage.plane.binaries.kubectl} ", 1)
    subprocess.run(  # noqa: S603 (the command that the page shows)
        ["/bin/sh", "-c", kubectl],
        env={"KUBECONFIG": f"{stage.plane.kubeconfig}", "HOME": f"{stage.plane.directory}"},
        check=True,
        timeout=30,
    )
    assert volume_of(stage) == 1.06


@needs_browser
def test_with_allow_edit_a_fader_changes_the_object_and_the_studio(
    browser: Browser, stage: Stage
) -> None:
    stage.operator.start()
    stage.live.put_scene(scene_of("show"), outputType="1")
    stage.objects.create("show", layers=layers(1))
    stage.objects.until_applied("show")

    with desk(stage, "--allow-edit") as address:
        browser.open(address)
        eventually(lambda: shown(browser) == "0.0 dB, ×1")
        browser.one(FADER).type("up")
        eventually(lambda: "ON AIR" in browser.one("#proposal-air").text)
        eventually(lambda: browser.one("#proposal-apply").text == "Apply it on air")
        assert volume_of(stage) == 1
        browser.one("#proposal-apply").click()
        eventually(lambda: volume_of(stage) == 1.06)
        eventually(lambda: shown(browser) == "+0.5 dB, ×1.06")

    stage.objects.until_applied("show")
    scene = stage.live.scene(scene_of("show"))
    assert round(scene["audio"]["layers"][0]["volumeRate"], 3) == 1.06
    body = json.loads(
        stage.plane.kubectl(
            "get", "csa", "show", "-n", stage.namespace, "-o", "json", "--show-managed-fields"
        )
    )
    owners = {
        each["manager"]
        for each in body["metadata"]["managedFields"]
        if "f:layers" in each["fieldsV1"].get("f:spec", {})
    }
    assert owners == {MANAGER}


@needs_browser
def test_a_hostile_name_is_text(browser: Browser, stage: Stage) -> None:
    stage.objects.create("show", sceneId="<script>document.title='owned'</script>")

    with desk(stage) as address:
        browser.open(address)
        eventually(lambda: "<script>" in browser.one(".ids").text)

        assert browser.run("return document.title") == "Studio desk"


def asked(
    address: str, method: str, path: str, *, body: Any = None, **headers: str
) -> tuple[int, str, dict[str, str]]:
    url = urlsplit(address)
    connection = HTTPConnection(url.netloc, timeout=20)
    connection.request(
        method,
        f"{url.path}{path}" if not path.startswith("/") else path,
        None if body is None else json.dumps(body),
        {name.replace("_", "-"): value for name, value in headers.items()},
    )
    answer = connection.getresponse()
    text = "" if answer.headers["Content-Type"] == "text/event-stream" else answer.read().decode()
    connection.close()
    return answer.status, text, dict(answer.headers)


def test_hostile_tries_are_refused(stage: Stage) -> None:
    stage.objects.create("show", layers=layers(1))
    body = stage.objects.read("show")
    assert body is not None
    move = {
        "namespace": stage.namespace,
        "name": "show",
        "uid": body["metadata"]["uid"],
        "generation": body["metadata"]["generation"],
        "location": "RV01",
        "volume": 2,
    }
    kind = {"Content_Type": "application/json"}

    with desk(stage, "--allow-edit") as address:
        own = {"Origin": f"http://{urlsplit(address).netloc}", **kind}
        status, page, headers = asked(address, "GET", "")
        assert status == 200
        assert "desk.js" in page
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"

        refused = {
            "no token": asked(address, "GET", "/"),
            "another token": asked(address, "GET", "/guessed/"),
            "another host": asked(address, "GET", "", Host="studio.example"),
            "another origin": asked(address, "GET", "events", Origin="http://studio.example"),
            "a page of another site": asked(address, "GET", "events", Sec_Fetch_Site="cross-site"),
            "a change of another page": asked(
                address, "POST", "changes", body=move, Origin="http://studio.example", **kind
            ),
            "a change of nobody": asked(address, "POST", "changes", body=move, **kind),
        }
        assert {name: each[0] for name, each in refused.items()} == dict.fromkeys(refused, 403)
        form = asked(address, "POST", "changes", body=move, **{**own, "Content_Type": "text/plain"})
        assert form[0] == 415
        wrongs: list[Any] = [{**move, "volume": 11}, {**move, "volume": True}, {"name": "show"}, []]
        for wrong in wrongs:
            assert asked(address, "POST", "changes", body=wrong, **own)[0] == 409
        late = asked(address, "POST", "changes", body={**move, "generation": 7}, **own)
        assert "Somebody else has changed this object meanwhile" in late[1]
        elsewhere = asked(address, "POST", "changes", body={**move, "location": "RV09"}, **own)
        assert "spec.layers has no RV09" in elsewhere[1]
        assert volume_of(stage) == 1

        assert asked(address, "POST", "changes", body=move, **own)[0] == 200
        assert volume_of(stage) == 2


def test_without_allow_edit_no_request_writes(stage: Stage) -> None:
    stage.objects.create("show", layers=layers(1))

    with desk(stage) as address:
        own = {"Origin": f"http://{urlsplit(address).netloc}", "Content_Type": "application/json"}
        status, words, _ = asked(address, "POST", "changes", body={}, **own)

    assert status == 403
    assert "without --allow-edit" in words
    assert volume_of(stage) == 1
