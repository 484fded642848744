"""Whatever becomes of the leader, another goes on, and nothing is called by two at once."""

from collections import Counter

import pytest

from tests.support.chart.inside import Inside
from tests.support.chart.release import LEASE_DURATION_S, NAMESPACE, Lease, Release
from tests.support.cluster.load import created_all_along
from tests.support.cluster.scene_audios import SceneAudios, scene_of
from tests.support.running.emulator_thread import LiveService
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.timeout(300)


def next_holder(release: Release, before: Lease) -> Lease:
    """The Lease as soon as somebody else holds it."""

    def look() -> Lease | None:
        now = release.lease()
        return now if now.holder not in {"", before.holder} else None

    return eventually(look, within_s=60)


def restarts_of(release: Release) -> int:
    return sum(pod.restarts for pod in release.operators())


def applied(objects: SceneAudios) -> set[str]:
    return {name for name, reason in objects.reasons().items() if reason == "Applied"}


def calls_by_scene(live: LiveService) -> Counter[str]:
    return Counter(call["parameters"]["SceneId"] for call in live.calls())


def test_a_leader_whose_pod_is_deleted_hands_over(
    release: Release, objects: SceneAudios, live: LiveService
) -> None:
    leader, before = release.leader(), release.lease()
    with created_all_along(objects) as names:
        release.kubectl("delete", "pod", leader.name, f"--namespace={NAMESPACE}", "--wait=false")
        after = next_holder(release, before)
        eventually(lambda: len(names) >= 10, within_s=60)
    objects.until_all_applied(within_s=60)

    # It was given, and not waited for: what isn't given lasts for as long as its duration says.
    assert (after.acquired - before.renewed).total_seconds() < LEASE_DURATION_S
    assert not after.is_held_by(leader)
    assert calls_by_scene(live) == dict.fromkeys(map(scene_of, names), 1)
    assert live.tally()["mostOverlapping"] == 0


def test_a_leader_that_is_killed_is_replaced_when_its_lease_is_over_and_no_sooner(
    release: Release, objects: SceneAudios, live: LiveService, inside: Inside
) -> None:
    leader, restarts = release.leader(), restarts_of(release)
    live.turn(latencyMs=400)
    with created_all_along(objects) as names:
        eventually(lambda: len(applied(objects)) >= 3, within_s=60)
        done = applied(objects)
        inside.kill(leader.container_id)
        before = release.lease()  # as the leader has renewed it for the last time
        after = next_holder(release, before)
    objects.until_all_applied(within_s=90)
    release.until_whole()

    assert (after.acquired - before.renewed).total_seconds() >= LEASE_DURATION_S
    called = calls_by_scene(live)
    assert set(called) == set(map(scene_of, names))
    # What was in flight, and nobody had told of yet, may be called once more; nothing else is.
    assert {called[scene_of(name)] for name in done} == {1}
    assert set(called.values()) <= {1, 2}
    assert live.tally()["mostOverlapping"] == 0
    assert restarts_of(release) == restarts + 1
