"""One tenant does its worst, at scale: `python -m tests.support.hostile --objects 10000`.

Prints what another tenant and the machine notice: how long its changes take to their calls, how long
probes take, how much memory the operator had at most.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

from typing_extensions import override

from dev.control_plane.binaries import find_binaries
from dev.control_plane.plane import ControlPlane
from tests.support.cluster.cluster import make_ready
from tests.support.hostile.siege import SHOW, TALK, Siege, siege_on
from tests.support.hostile.tenant import Scale, restless
from tests.support.running.stage import set_stage

CHANGES = 100


def main() -> None:
    parser = argparse.ArgumentParser(prog="hostile", description=__doc__)
    parser.add_argument("--objects", type=int, default=10_000)
    scale = Scale.of(parser.parse_args().objects)
    with (
        tempfile.TemporaryDirectory(prefix="hostile-") as directory,
        ControlPlane(find_binaries(say=_say)) as plane,
    ):
        make_ready(plane)
        (Path(directory) / "stage").mkdir()
        with (
            set_stage(plane, Path(directory) / "stage") as stage,
            siege_on(stage, Path(directory)) as siege,
        ):
            _run(siege, scale)


def _run(siege: Siege, scale: Scale) -> None:
    siege.begin()
    _tell("undisturbed", siege.seconds_to_calls(SHOW, CHANGES))
    probes = Probes(siege)
    probes.start()
    began = time.monotonic()
    siege.attack(scale)
    _say(f"{scale.objects} objects in {time.monotonic() - began:.0f} s: {scale}")
    with restless(siege.hostile, scale):
        _tell("own key", siege.seconds_to_calls(SHOW, CHANGES))
        _tell("guest's key", siege.seconds_to_calls(TALK, CHANGES))
    probes.end()
    _tell("probes", probes.seconds)
    _say(f"memory at most: {siege.leader.process.peak_memory_mib():.0f} MiB")
    before = siege.leader.process.cpu_s()
    siege.leader.process.stop()
    began = time.monotonic()
    siege.leader.process.launch()
    while not siege.leader.is_serving():
        time.sleep(0.05)
    _say(f"serving {time.monotonic() - began:.1f} s after a restart; CPU before: {before:.0f} s")
    time.sleep(30)
    _tell("own key, restarted", siege.seconds_to_calls(SHOW, CHANGES))
    _say(f"memory at most: {siege.leader.process.peak_memory_mib():.0f} MiB")
    _say(f"the Lease was got {siege.leader.said('Serving')} times, for 2 starts")
    _say(f"log: {len(siege.leader.process.log) / 1e6:.1f} MB")


class Probes(Thread):
    """Asks for /healthz twice a second, as a kubelet does less often."""

    def __init__(self, siege: Siege) -> None:
        super().__init__(daemon=True)
        self.seconds: list[float] = []
        self._web = siege.leader.web
        self._over = Event()

    @override
    def run(self) -> None:
        while not self._over.wait(0.5):
            began = time.monotonic()
            if not self._web.is_alive():
                _say("a probe failed")
            self.seconds.append(time.monotonic() - began)

    def end(self) -> None:
        self._over.set()
        self.join()


def _tell(what: str, seconds: list[float]) -> None:
    _say(
        f"{what}: median {statistics.median(seconds) * 1000:.0f} ms,"
        f" at most {max(seconds) * 1000:.0f} ms, of {len(seconds)}"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
