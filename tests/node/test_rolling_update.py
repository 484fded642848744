"""Both operators are replaced while people go on with their work."""

from collections import Counter

import pytest

from tests.support.chart.release import Release
from tests.support.cluster.load import created_all_along
from tests.support.cluster.scene_audios import SceneAudios, scene_of
from tests.support.running.emulator_thread import LiveService

pytestmark = pytest.mark.timeout(300)


def test_what_is_created_in_a_rolling_update_is_called_for_once(
    release: Release, objects: SceneAudios, live: LiveService
) -> None:
    before = {pod.uid for pod in release.operators()}
    with created_all_along(objects) as names:
        release.upgrade("--set-string=podAnnotations.rolled=once")
    objects.until_all_applied(within_s=90)

    calls = live.calls()
    assert not before & {pod.uid for pod in release.operators()}
    assert len(names) > 5
    assert Counter(call["parameters"]["SceneId"] for call in calls) == dict.fromkeys(
        map(scene_of, names), 1
    )
    assert live.tally()["mostOverlapping"] == 0


def test_what_was_applied_before_it_is_not_called_for_again(
    release: Release, objects: SceneAudios, live: LiveService
) -> None:
    names = [f"before-{number}" for number in range(5)]
    objects.create_all(names)
    objects.until_all_applied()
    live.forget_calls()
    release.upgrade("--set=settings.logLevel=debug")
    objects.settle()

    assert not {call["parameters"]["SceneId"] for call in live.calls()} & set(map(scene_of, names))
