"""The operator's credentials by RRSA: short-lived, and renewed while the work goes on."""

import re
import subprocess
import sys
from datetime import timedelta
from itertools import chain, pairwise

import pytest

from tests.support.running.emulator_thread import Call
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.stage import Stage
from tests.support.running.token_service import ROLE_ARN, TokenService
from tests.support.running.token_thread import tokens_for
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

OBJECTS = [f"show-{number}" for number in range(50)]
FETCH_S = 1.0
"""How long each fetch takes. One made on the loop would stall it for so long, each time."""

STALL_S = 0.1
NEAR_A_FETCH_S = FETCH_S / 2
AT_ONCE_S = 0.5

IN_DEBUG_MODE = {"PYTHONASYNCIODEBUG": "1"}

SLOW = re.compile(r"Executing .* took ([0-9.]+) seconds")
"""What asyncio's debug mode says of a step of a loop that took 100 ms or more, of any loop."""


def keys_used(stage: Stage) -> list[str]:
    """In the order in which they were first used."""
    return list(dict.fromkeys(call["accessKeyId"] for call in stage.live.calls(action=None)))


def stalls_by_key(operator: OperatorProcess) -> list[list[float]]:
    """Seconds of each stall, for the time from each new key to the next; the start is left out.

    The first fetch is: it imports the library, which holds the interpreter for half a second.
    """
    lives: list[list[float]] = []
    for line in operator.log_lines:
        if line["message"] == "Credentials found":
            lives.append([])
        elif lives and (told := SLOW.search(line["message"])):
            lives[-1].append(float(told.group(1)))
    return lives


def overlap_s(calls: list[Call], tokens: TokenService) -> float:
    """The longest that a key was still used after the first call with the next one."""
    started: dict[str, list[float]] = {}
    for call in calls:
        started.setdefault(call["accessKeyId"], []).append(call["startedMonotonic"])
    in_order = [started[key.access_key_id] for key in tokens.issued if key.access_key_id in started]
    return max(one[-1] - after[0] for one, after in pairwise(in_order))


def test_a_stall_of_a_loop_in_debug_mode_is_told() -> None:
    program = "import asyncio, time\nasync def main(): time.sleep(0.15)\nasyncio.run(main())"

    done = subprocess.run(  # noqa: S603 (our own words)
        [sys.executable, "-c", program], env=IN_DEBUG_MODE, capture_output=True, check=True
    )

    [told] = SLOW.findall(done.stderr.decode())
    assert float(told) >= 0.15


def test_credentials_are_renewed_while_fifty_objects_reconcile_and_nothing_fails_or_stalls(
    stage: Stage,
) -> None:
    with tokens_for(stage.live, stage.operator.directory, account="e2e") as tokens:
        tokens.delay_s = FETCH_S
        tokens.lifetime = timedelta(minutes=15, seconds=3)  # good for three seconds to the library
        stage.operator.environ = tokens.environ | IN_DEBUG_MODE
        stage.operator.flags = ("--interval=2s", "--interval-floor=1s", "--log-level=debug")
        # Its quota is the matter of others: a process in debug mode keeps its pace less well.
        stage.live.turn(updateQps=0, readQps=0)
        stage.objects.create_all(OBJECTS)

        stage.operator.start()
        stage.objects.until_all_applied()
        eventually(lambda: len(keys_used(stage)) >= 3, within_s=60)
        stage.objects.change_all(OBJECTS, followMode="AudioFollowsVideo")
        stage.objects.until_all_applied()
        stage.operator.stop()

    calls = stage.live.calls(action=None)
    assert {call["code"] for call in calls} == {"OK"}
    assert overlap_s(calls, tokens) <= AT_ONCE_S
    assert {request["RoleArn"] for request in tokens.requests} == {ROLE_ARN}
    assert 0 <= len(tokens.requests) - len(keys_used(stage)) <= 1  # the last may be unused
    assert tokens.most_in_flight == 1
    stalls = stalls_by_key(stage.operator)
    # A busy machine can stall any process now and then; a fetch on the loop would each time.
    assert max(chain.from_iterable(stalls), default=0) < NEAR_A_FETCH_S
    assert min(max(each, default=0) for each in stalls[:-1]) <= STALL_S
