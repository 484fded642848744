"""Two replicas under a script of faults: the studio ends as declared, and never two call at once.

With the chart's arguments and rights, but for the Lease, which is shorter so that a test may wait for
it. On a control plane of its own, as its API server is stopped.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dev.control_plane.plane import ControlPlane
from dev.helm.command import Helm
from tests.support.chart.chart import rendered
from tests.support.cluster.cluster import OPERATOR_NAMESPACE, make_ready
from tests.support.cluster.scene_audios import scene_of
from tests.support.running.replicas import Replica, Replicas, replicas_on
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = [pytest.mark.control_plane, pytest.mark.timeout(300)]

LEASE_S = 5
LONGER_THAN_LEASE_S = LEASE_S + 2
NAMES = [f"show-{number}" for number in range(6)]
LATENCY_MS = 200
"""So that a fault often meets a call in flight."""


@pytest.fixture
def own_stage(control_plane: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    with ControlPlane(control_plane.binaries) as plane:
        make_ready(plane)
        with set_stage(plane, tmp_path) as stage:
            yield stage


@pytest.fixture
def chart_flags(helm4: Helm) -> Sequence[str]:
    """As the chart's Deployment has them by default, for two replicas."""
    container = rendered(helm4, None, f"--namespace={OPERATOR_NAMESPACE}").container()
    command, *flags = container["args"]
    assert command == "run"
    assert "--leader-elect" in flags
    return [*flags, "--log-format=json"]


def kill(replica: Replica, _: Stage) -> None:
    replica.process.kill()


def terminate(replica: Replica, _: Stage) -> None:
    assert replica.process.stop() == 0


def put_to_sleep(replica: Replica, _: Stage) -> None:
    with replica.process.paused():
        time.sleep(LONGER_THAN_LEASE_S)


def stop_the_api_server_for_a_moment(_: Replica, stage: Stage) -> None:
    stage.plane.stop_api_server()
    stage.plane.start_api_server()


def stop_the_api_server_for_longer_than_the_lease(_: Replica, stage: Stage) -> None:
    stage.plane.stop_api_server()
    time.sleep(LONGER_THAN_LEASE_S)
    stage.plane.start_api_server()


Fault = Callable[[Replica, Stage], None]
FAULTS: list[Fault] = [
    kill,
    terminate,
    put_to_sleep,
    stop_the_api_server_for_a_moment,
    stop_the_api_server_for_longer_than_the_lease,
    kill,
    terminate,
]


def volume(chance: random.Random) -> float:
    return round(chance.uniform(0, 10), 1)


def turn_some(stage: Stage, wanted: dict[str, float], chance: random.Random) -> None:
    """As engineers do: new volumes for some of the objects."""
    for name in chance.sample(NAMES, 3):
        wanted[name] = volume(chance)
        stage.objects.change(name, layers=[{"locationId": "RV01", "volumeRate": wanted[name]}])


def revive(replicas: Replicas) -> None:
    """As a kubelet does: whoever has ended is started again."""
    for each in replicas.made:
        if not each.process.is_running:
            each.start()


def is_as(stage: Stage, wanted: dict[str, float]) -> bool:
    found = {name: stage.live.scene(scene_of(name))["audio"]["layers"] for name in wanted}
    return all(
        layers and layers[0]["volumeRate"] == pytest.approx(wanted[name])
        for name, layers in found.items()
    )


def overlaps(calls: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of calls for one scene of which the second began before the first had ended."""
    return [
        (first["requestId"], second["requestId"])
        for first, second in pairwise(sorted(calls, key=lambda call: call["startedMonotonic"]))
        if first["finishedMonotonic"] is None
        or second["startedMonotonic"] < first["finishedMonotonic"]
    ]


def test_after_every_fault_the_studio_is_as_declared_and_no_scene_was_called_by_two(
    own_stage: Stage, chart_flags: Sequence[str], tmp_path: Path
) -> None:
    chance = random.Random(1)  # noqa: S311 (the same script each time)
    script = chance.sample(FAULTS, len(FAULTS))
    wanted: dict[str, float] = {}
    own_stage.live.turn(latencyMs=LATENCY_MS)
    with replicas_on(own_stage, tmp_path, lease_duration_s=LEASE_S, flags=chart_flags) as replicas:
        replicas.pair()
        for name in NAMES:
            wanted[name] = volume(chance)
            own_stage.objects.create(
                name, layers=[{"locationId": "RV01", "volumeRate": wanted[name]}]
            )

        for fault in script:
            victim = replicas.leader() if chance.random() < 0.75 else chance.choice(replicas.made)
            turn_some(own_stage, wanted, chance)
            fault(victim, own_stage)
            revive(replicas)
            turn_some(own_stage, wanted, chance)

        own_stage.objects.until_all_applied(within_s=60)
        eventually(lambda: is_as(own_stage, wanted))
        replicas.leader()
        served = [len(each.calls(own_stage)) for each in replicas.made]

    assert all(served), "only one of the two ever called"
    for name in NAMES:
        assert overlaps(own_stage.live.calls(scene_of(name), action=None)) == []
