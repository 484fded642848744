"""One tenant does its worst, and another's changes go out as if it weren't there.

Times are compared with those of the same operator before the hostile tenant came.
"""

import secrets
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from kubernetes import config

from tests.support.cluster.key_secrets import KeySecrets
from tests.support.cluster.scene_audios import SceneAudios, conditions_of, scene_of
from tests.support.running.replicas import Replica, replicas_on
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = [pytest.mark.control_plane, pytest.mark.timeout(400)]

CLAIMS, MISSING, SUSPENDED, COPIES = 400, 300, 200, 60
SHARE = 50
"""Of so many Secrets that a namespace names its objects are served."""

DESCRIPTORS = 1024
TIMES_SLOWER = 5
"""At most, however busy the hostile tenant keeps the two cores that the API server needs, too."""

CHANGES = 12
GUEST = "the-id-that-all-know"


@pytest.fixture
def leader(stage: Stage, hostile: SceneAudios, tmp_path: Path) -> Iterator[Replica]:
    """It serves both tenants, by a Lease of 15 s as by default, and with few descriptors."""
    served = (f"--namespace={hostile.namespace}",)
    with replicas_on(stage, tmp_path, lease_duration_s=15, flags=served) as made:
        one = made.make("one")
        one.process.most_files = DESCRIPTORS
        yield one


@pytest.fixture
def hostile(stage: Stage) -> Iterator[SceneAudios]:
    """The objects of the hostile tenant, in a namespace of its own."""
    name = f"hostile-{secrets.token_hex(4)}"
    stage.plane.kubectl("create", "namespace", name)
    with config.new_client_from_config(f"{stage.plane.kubeconfig}") as client:
        yield SceneAudios(client, name)
    stage.plane.kubectl("delete", "namespace", name, "--wait=false")


def squat(hostile: SceneAudios) -> None:
    """Before the able object comes: claims by what could never write its scene."""
    scene: dict[str, Any] = {"sceneId": scene_of("show")}
    hostile.create("squats-suspended", **scene, suspend=True)
    hostile.create("squats-observing", **scene, mode="Observe")
    hostile.create("squats-keyless", **scene, credentialsSecretRef={"name": "none"})


def do_the_worst(stage: Stage, hostile: SceneAudios) -> None:
    """Claims of one scene, Secrets without number, and the key ID of somebody else."""
    with config.new_client_from_config(f"{stage.plane.kubeconfig}") as client:
        KeySecrets(client, hostile.namespace).create("copy", GUEST, "not-the-secret-of-the-guest")
    hostile.create_all([f"claim-{n}" for n in range(CLAIMS)], sceneId="one-for-all")
    hostile.create_all([f"copy-{n}" for n in range(COPIES)], credentialsSecretRef={"name": "copy"})
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(lambda n: name_a_missing_secret(hostile, n), range(MISSING)))
        list(
            hands.map(
                lambda n: name_a_missing_secret(hostile, n), range(MISSING, MISSING + SUSPENDED)
            )
        )


def name_a_missing_secret(hostile: SceneAudios, number: int) -> None:
    rest: dict[str, Any] = {"suspend": True} if number >= MISSING else {}
    hostile.create(f"missing-{number}", credentialsSecretRef={"name": f"missing-{number}"}, **rest)


@contextmanager
def restless(hostile: SceneAudios) -> Iterator[None]:
    """Its objects are changed again and again meanwhile."""
    over = Event()

    def change() -> None:
        for number in count():
            if over.is_set():
                return
            layer = {"locationId": "RV01", "volumeRate": number % 10}
            hostile.change(f"claim-{number % CLAIMS}", layers=[layer])

    with ThreadPoolExecutor(1) as hands:
        working = hands.submit(change)
        try:
            yield
        finally:
            over.set()
        working.result()


def seconds_to_calls(stage: Stage, name: str) -> list[float]:
    """From each of several changes to its call."""
    return [seconds_to_call(stage, name, number) for number in range(CHANGES)]


def seconds_to_call(stage: Stage, name: str, number: int) -> float:
    scene, began = scene_of(name), time.monotonic()
    before = len(stage.live.calls(scene))
    stage.objects.change(name, layers=[{"locationId": "RV01", "volumeRate": 1 + number % 5}])
    call = eventually(lambda: stage.live.calls(scene)[before:])[0]
    stage.objects.until_applied(name)
    return float(call["startedMonotonic"]) - began


def told_beyond_the_share(hostile: SceneAudios) -> int:
    """How many are told that their namespace names too many Secrets."""
    bodies = [hostile.read(f"missing-{number}") for number in range(MISSING)]
    stalled = [conditions_of(each["status"]).get("Stalled", {}) for each in bodies if each]
    return sum("more than 50 Secrets" in each.get("message", "") for each in stalled)


def test_a_tenant_who_does_the_worst_delays_nobody_elses_change_and_costs_no_leadership(
    stage: Stage, leader: Replica, hostile: SceneAudios
) -> None:
    stage.live.put_key(GUEST, secret="the-secret-of-the-guest", account="guest")
    stage.secrets.create("guest", GUEST, "the-secret-of-the-guest")
    leader.process.launch()
    eventually(leader.is_serving)
    squat(hostile)
    stage.objects.create("show")
    stage.objects.create("talk", credentialsSecretRef={"name": "guest"})
    stage.objects.until_applied("show")
    stage.objects.until_applied("talk")
    undisturbed = seconds_to_calls(stage, "show")

    do_the_worst(stage, hostile)
    with restless(hostile):
        of_show, of_talk = seconds_to_calls(stage, "show"), seconds_to_calls(stage, "talk")
        health = leader.web.is_alive()

    at_most = TIMES_SLOWER * statistics.median(undisturbed)
    assert max(statistics.median(of_show), statistics.median(of_talk)) <= at_most, (
        undisturbed,
        of_show,
        of_talk,
    )
    assert health
    assert leader.is_serving()
    assert leader.said("Standing by") == 1
    assert "Too many open files" not in leader.process.log
    eventually(lambda: told_beyond_the_share(hostile) >= MISSING - SHARE)
