"""The operator's credentials by RRSA: short-lived, and renewed while the work goes on."""

from collections import Counter
from datetime import timedelta
from itertools import accumulate

import pytest

from tests.support.cluster.scene_audios import scene_of
from tests.support.running.emulator_thread import Call
from tests.support.running.stage import Stage
from tests.support.running.token_service import ROLE_ARN, TokenService
from tests.support.running.token_thread import tokens_for
from tests.support.tools.patience import eventually
from tests.support.tools.steady_loop import guarded

pytestmark = pytest.mark.control_plane

OBJECTS = [f"show-{number}" for number in range(50)]
FETCH_S = 1.0
"""How long each fetch takes: long enough for many calls to go on meanwhile."""

AT_ONCE = 2
"""Updates, and readings, that may be under way."""


def keys_used(stage: Stage) -> list[str]:
    """In the order in which they were first used."""
    return list(dict.fromkeys(call["accessKeyId"] for call in stage.live.calls(action=None)))


def ages(calls: list[Call], tokens: TokenService) -> list[int]:
    """Which key each call used, by its number in the order in which they were issued."""
    numbers = {key.access_key_id: number for number, key in enumerate(tokens.issued)}
    return [numbers[call["accessKeyId"]] for call in calls]


def late(used: list[int]) -> Counter[int]:
    """How many calls came with an older key after the first one with this key."""
    newest = accumulate(used, max)
    return Counter(new for number, new in zip(used, newest, strict=True) if number < new)


def test_credentials_are_renewed_while_fifty_objects_reconcile_and_nothing_fails_or_stalls(
    stage: Stage,
) -> None:
    with tokens_for(stage.live, stage.operator.directory, account="e2e") as tokens:
        tokens.delay_s = FETCH_S
        tokens.lifetime = timedelta(minutes=15, seconds=3)  # good for three seconds to the library
        stage.operator.environ = guarded(tokens.environ)
        stage.operator.flags = (
            "--interval=2s",
            "--interval-floor=1s",
            f"--max-in-flight={AT_ONCE}",
            "--log-level=debug",
        )
        stage.live.turn(updateQps=0, readQps=0)  # the quota is the matter of others
        stage.objects.create_all(OBJECTS)

        stage.operator.start()
        stage.objects.until_all_applied()
        eventually(lambda: len(keys_used(stage)) >= 3, within_s=60)
        stage.objects.change_all(OBJECTS, followMode="AudioFollowsVideo")
        stage.objects.until_all_applied()
        exit_code = stage.operator.stop()

    calls = stage.live.calls(action=None)
    assert {call["code"] for call in calls} == {"OK"}
    # A new key is used at once, but for what was under way already, and no scene goes back.
    assert max(late(ages(calls, tokens)).values(), default=0) <= 2 * AT_ONCE
    for scene in map(scene_of, OBJECTS):
        used = ages([call for call in calls if call["parameters"]["SceneId"] == scene], tokens)
        assert used == sorted(used)
    assert {request["RoleArn"] for request in tokens.requests} == {ROLE_ARN}
    assert 0 <= len(tokens.requests) - len(keys_used(stage)) <= 1  # the last may be unused
    assert tokens.most_in_flight == 1
    assert exit_code == 0
    assert "BlockingError" not in stage.operator.log
    assert "Blocking call" not in stage.operator.log
