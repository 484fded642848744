"""The components of a control plane end with the process that started them."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from dev.control_plane.processes import PORTS, Component, free_ports

ROOT = Path(__file__).parents[2]


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A pipe that a component holds open while it lives; its end is the component's."""
    os.mkfifo(tmp_path / "held")
    return tmp_path / "held"


def holding(held: Path, *, trap: str = "trap - TERM") -> list[str]:
    return ["sh", "-c", f"exec >{held}; {trap}; echo up; while :; do sleep 0.01; done"]


def test_a_component_ends_when_its_starter_is_killed(held: Path, tmp_path: Path) -> None:
    starter = f"""
        import time
        from pathlib import Path
        from dev.control_plane.processes import Component
        Component("held", {holding(held)!r}, log=Path({str(tmp_path / "log")!r})).start()
        time.sleep(60)
    """
    process = subprocess.Popen(  # noqa: S603 (a program of this test's own)
        [sys.executable, "-c", textwrap.dedent(starter)], cwd=ROOT
    )
    with process, held.open() as lives:
        assert lives.readline() == "up\n"

        process.kill()

        assert lives.read() == ""


def test_a_stop_gives_the_component_time_to_end_by_itself(held: Path, tmp_path: Path) -> None:
    component = Component(
        "held",
        holding(held, trap="trap 'echo farewell; exit' TERM"),
        log=tmp_path / "log",
    )
    component.start()
    with held.open() as lives:
        assert lives.readline() == "up\n"

        component.stop(within_s=30)

        assert lives.read() == "farewell\n"
    assert not component.running


def test_a_component_that_ignores_the_stop_is_ended_by_force(held: Path, tmp_path: Path) -> None:
    component = Component(
        "held",
        holding(held, trap="trap '' TERM"),
        log=tmp_path / "log",
    )
    component.start()
    with held.open() as lives:
        assert lives.readline() == "up\n"

        component.stop(within_s=0.05)

        assert lives.read() == ""
    assert not component.running


def test_a_component_can_be_killed_and_started_again(tmp_path: Path) -> None:
    component = Component("short", ["sh", "-c", "echo said; exec sleep 60"], log=tmp_path / "log")

    component.start()
    component.kill()
    component.start()
    component.signal(signal.SIGKILL)
    component.stop(within_s=30)
    component.stop(within_s=30)

    assert not component.running


def test_the_end_of_the_log_is_kept_for_whoever_asks_why(tmp_path: Path) -> None:
    lines = "for i in $(seq 100); do echo line $i; done"
    component = Component("talker", ["sh", "-c", lines], log=tmp_path / "log")
    component.start()
    while component.running:
        pass

    told = component.end_of_log()

    component.stop(within_s=30)
    assert told.endswith("  line 99\n  line 100\n")
    assert "line 50\n" not in told


def test_ports_are_free_and_apart_from_those_of_outgoing_connections() -> None:
    ports = free_ports()

    chosen = [next(ports) for _ in range(20)]

    assert len(set(chosen)) == 20
    assert all(port in PORTS and port < 32_768 for port in chosen)
