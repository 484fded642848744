"""What a person changes goes at once, however many scenes of the account wait to be read back."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kubernetes.aio import config
from kubernetes.aio.client import ApiClient, Configuration, CustomObjectsApi

from tests.support.cluster.scene_audios import (
    GROUP,
    MERGE_PATCH,
    PLURAL,
    VERSION,
    Body,
    manifest,
    scene_of,
)
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

READ = "DescribeCasterSceneAudio"
OBJECTS = [f"show-{number}" for number in range(1, 2001)]
CHANGED = OBJECTS[::220]
AT_ONCE = 24
READS_PER_S = 3
"""Few, so that a machine that is slow to bring a change doesn't count as many readings."""


def applied_status() -> Body:
    """As the operator leaves it behind after the first write of a new object."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    ready = {
        "type": "Ready",
        "status": "True",
        "reason": "Applied",
        "message": "The studio has what the spec says.",
        "lastTransitionTime": now,
        "observedGeneration": 1,
    }
    return {
        "observedGeneration": 1,
        "conditions": [ready],
        "requestId": "5C0F8D1E",
        "lastAppliedTime": now,
    }


async def create_applied(kubeconfig: Path, namespace: str, names: list[str]) -> None:
    connection = Configuration(connection_pool_maxsize=AT_ONCE)
    await config.load_kube_config(config_file=f"{kubeconfig}", client_configuration=connection)
    async with ApiClient(connection) as client:
        api, left = CustomObjectsApi(client), iter(names)

        async def create_some() -> None:
            for name in left:
                place = (GROUP, VERSION, namespace, PLURAL)
                await api.create_namespaced_custom_object(*place, manifest(name))
                await api.patch_namespaced_custom_object_status(
                    *place, name, {"status": applied_status()}, _content_type=MERGE_PATCH
                )

        await asyncio.gather(*(create_some() for _ in range(AT_ONCE)))


def taken_in(stage: Stage, name: str) -> None:
    """A change comes through once the operator has gone through the list of all objects."""
    stage.objects.change(name, followMode="AudioFollowsVideo")
    eventually(lambda: stage.live.calls(scene_of(name)))


def gone_ahead(stage: Stage, name: str) -> int:
    """How many readings were begun between a change and the call that it leads to."""
    before = len(stage.live.calls(action=READ))
    stage.objects.change(name, followMode="AudioFollowsVideo")
    [call] = eventually(lambda: stage.live.calls(scene_of(name)))
    called_s = float(call["startedMonotonic"])
    began_s = [float(each["startedMonotonic"]) for each in stage.live.calls(action=READ)]
    return sum(each_s < called_s for each_s in began_s) - before


def test_a_change_is_called_at_once_while_two_thousand_objects_wait_to_be_read_back(
    stage: Stage,
) -> None:
    stage.live.put_scenes(prefix=scene_of("show-"), count=len(OBJECTS), followEnable=0)
    asyncio.run(create_applied(stage.plane.kubeconfig, stage.namespace, OBJECTS))
    stage.operator.flags = ("--interval=1s", "--interval-floor=1s", f"--read-qps={READS_PER_S}")
    stage.operator.start()
    eventually(lambda: len(stage.live.calls(action=READ)) > 10)
    taken_in(stage, OBJECTS[-1])

    ahead = [gone_ahead(stage, name) for name in CHANGED]

    reads = stage.live.calls(action=READ)
    assert max(ahead) <= len(OBJECTS) / 100
    # Most still wait for their first reading, and nothing else was written.
    assert len({call["parameters"]["SceneId"] for call in reads}) < len(OBJECTS) / 2
    assert len(stage.live.calls()) == len(CHANGED) + 1
    assert {call["code"] for call in reads} == {"OK"}
