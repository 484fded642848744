"""One tenant does its worst, and another's changes go out as if it weren't there.

Times are compared with those of the same operator before the hostile tenant came.
"""

import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cluster.scene_audios import SceneAudios, conditions_of
from tests.support.hostile.siege import SHOW, TALK, Siege, siege_on
from tests.support.hostile.tenant import Scale, restless
from tests.support.running.stage import Stage
from tests.support.tools.patience import eventually

pytestmark = [pytest.mark.control_plane, pytest.mark.timeout(400)]

SCALE = Scale()
SHARE = 50
"""Of so many Secrets that a namespace names its objects are served."""

TIMES_SLOWER = 20
"""At most, however busy the hostile tenant keeps the two cores that the API server needs, too. Whoever
stood in line behind all that it does would wait a thousand times as long."""


@pytest.fixture
def siege(stage: Stage, tmp_path: Path) -> Iterator[Siege]:
    with siege_on(stage, tmp_path) as made:
        yield made


def told_beyond_the_share(hostile: SceneAudios) -> int:
    """How many are told that their namespace names too many Secrets."""
    bodies = [hostile.read(f"missing-{number}") for number in range(SCALE.missing)]
    stalled = [conditions_of(each["status"]).get("Stalled", {}) for each in bodies if each]
    return sum("more than 50 Secrets" in each.get("message", "") for each in stalled)


def test_a_tenant_who_does_the_worst_delays_nobody_elses_change_and_costs_no_leadership(
    siege: Siege,
) -> None:
    siege.begin()
    leader, hostile = siege.leader, siege.hostile
    undisturbed = siege.seconds_to_calls(SHOW)

    siege.attack(SCALE)
    with restless(hostile, SCALE):
        of_show, of_talk = siege.seconds_to_calls(SHOW), siege.seconds_to_calls(TALK)
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
    eventually(lambda: told_beyond_the_share(hostile) >= SCALE.missing - SHARE)
