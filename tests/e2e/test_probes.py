"""Probes and metrics of the operator as a process, on a control plane of its own."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from dev.control_plane.processes import free_ports
from tests.support.cluster.cluster import CRD_NAME, CRDS, make_ready
from tests.support.cluster.scene_audios import scene_of
from tests.support.running.stage import Stage, set_stage
from tests.support.running.web import OperatorWeb
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

SILENCE_S = 6


@pytest.fixture(scope="module")
def own_plane(control_plane: ControlPlane) -> Iterator[ControlPlane]:
    with ControlPlane(control_plane.binaries) as plane:
        make_ready(plane)
        yield plane


@pytest.fixture
def own_stage(own_plane: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    with set_stage(own_plane, tmp_path) as made:
        eventually(made.objects.are_served)
        yield made


@pytest.fixture
def web(own_stage: Stage) -> OperatorWeb:
    port = next(free_ports())
    own_stage.operator.flags = (
        f"--http-port={port}",
        f"--watch-silence={SILENCE_S}s",
        "--interval=1s",
        "--interval-floor=1s",
    )
    return OperatorWeb(port)


def stays(web: OperatorWeb, *, for_s: float) -> bool:
    """Whether it was alive at every look."""
    until = time.monotonic() + for_s
    looks = []
    while time.monotonic() < until:
        looks.append(web.is_alive())
        time.sleep(0.1)
    return all(looks)


def test_it_is_ready_after_the_start_and_stays_so_though_nothing_happens(
    own_stage: Stage, web: OperatorWeb
) -> None:
    own_stage.operator.launch()
    eventually(web.is_ready)

    assert stays(web, for_s=SILENCE_S * 1.5)
    assert web.is_ready()
    assert web.ask("/readyz")[1].splitlines() == [
        "[+] crd ok",
        "[+] objects ok",
        "[+] watch ok",
        "[+] calls ok",
    ]


def test_without_the_crd_it_is_alive_and_not_ready(own_stage: Stage, web: OperatorWeb) -> None:
    own_stage.plane.kubectl("delete", "crd", CRD_NAME)
    own_stage.operator.launch()
    eventually(lambda: own_stage.operator.has_said("Waiting for the CustomResourceDefinition"))

    waiting = web.is_alive(), web.is_ready()
    own_stage.plane.kubectl("apply", "-f", f"{CRDS}")
    eventually(web.is_ready)

    assert waiting == (True, False)


def test_metrics_tell_of_a_success_a_throttle_and_drift(own_stage: Stage, web: OperatorWeb) -> None:
    objects, live = own_stage.objects, own_stage.live
    own_stage.operator.start()
    live.fail(scene_of("show"), code="Throttling.User", times=1)
    objects.create("show")
    objects.until_applied("show")

    live.put_scene(scene_of("show"), audio={"followEnable": 1})
    objects.until("show", "DriftCorrected")

    update = "UpdateCasterSceneAudio"
    assert web.metric("calls_total", action=update, code="OK", outcome="Success") >= 2
    assert web.metric("calls_total", action=update, code="Throttling.User") == 1
    assert web.metric("account_throttled_total", kind="updates") == 1
    assert web.metric("drift_found_total") >= 1
    assert web.metric("drift_corrected_total") >= 1
    assert web.metric("change_to_call_seconds_count") == 1
    assert web.metric("objects", reason="DriftCorrected") == 1


def test_while_the_service_is_down_it_is_alive_and_ready(
    own_stage: Stage, web: OperatorWeb
) -> None:
    own_stage.operator.live_endpoint = f"http://127.0.0.1:{next(free_ports())}"
    own_stage.operator.start()
    own_stage.objects.create("show")
    own_stage.objects.until("show", "Unreachable")

    assert stays(web, for_s=SILENCE_S * 1.5)
    assert web.is_ready()
    assert web.metric("calls_total", code="ConnectionRefused", outcome="Unreachable") >= 1


def test_an_api_server_that_is_away_costs_readiness_and_not_life(
    own_stage: Stage, web: OperatorWeb
) -> None:
    own_stage.operator.start()
    eventually(web.is_ready)

    own_stage.plane.stop_api_server()
    eventually(lambda: not web.is_ready())
    alive = stays(web, for_s=SILENCE_S * 2)
    ready = web.is_ready()
    own_stage.plane.start_api_server()
    eventually(web.is_ready, within_s=60)

    assert alive
    assert not ready


def test_an_api_server_that_hangs_silences_the_watch_and_that_costs_both(
    own_stage: Stage, web: OperatorWeb
) -> None:
    own_stage.operator.start()
    eventually(web.is_ready)

    own_stage.plane.signal_api_server(signal.SIGSTOP)
    try:
        eventually(lambda: not web.is_ready())
        eventually(lambda: not web.is_alive())
        said = web.ask("/healthz")
    finally:
        own_stage.plane.signal_api_server(signal.SIGCONT)
    eventually(lambda: web.is_ready() and web.is_alive(), within_s=60)

    assert said[0] == 503
    assert said[1].startswith("[-] watch: no sign of life for ")


def test_a_port_that_is_taken_is_said(own_stage: Stage, web: OperatorWeb) -> None:
    own_stage.operator.flags = (f"--http-port={own_stage.live.port}",)

    own_stage.operator.launch()

    assert own_stage.operator.ended() == 1
    assert own_stage.operator.has_said("Probes and metrics can't be served")
