"""What accounts have each for themselves, and what an account's users share."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from dev.control_plane.plane import ControlPlane
from live_emulator.dials import UPDATE
from tests.support.running.emulator_thread import ANY_SCENE, Call, LiveService
from tests.support.running.neighbour import NEIGHBOUR, calling
from tests.support.running.operator_process import ACCESS_KEY_ID
from tests.support.running.stage import Stage, set_stage
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

QPS = 10
"""The operator's quota, as the service's own: at a higher one a busy machine would set the pace."""

SIZE = 80
NORTH = [f"north-{number}" for number in range(SIZE)]
SOUTH = [f"south-{number}" for number in range(SIZE)]
KEYS = {"north-one": "north", "north-two": "north", "south-one": "south"}
REST_MS = 60_000
"""As long as an account ever rests for one answer: to the test, for ever."""


@pytest.fixture
def two_accounts(crds: ControlPlane, tmp_path: Path) -> Iterator[Stage]:
    """Two accounts with as many objects each, all applied; two keys share the first."""
    with set_stage(crds, tmp_path, emulator=replace(ANY_SCENE, update_qps=QPS)) as stage:
        for key, account in KEYS.items():
            stage.live.put_key(key, secret=f"the-secret-of-{key}", account=account)
            stage.secrets.create(key, key, f"the-secret-of-{key}")
        for key, names in (
            ("north-one", NORTH[::2]),
            ("north-two", NORTH[1::2]),
            ("south-one", SOUTH),
        ):
            ref = {"name": key}
            stage.objects.create_all(names, credentialsSecretRef=ref, drift="Ignore")
        stage.operator.environ = {}
        stage.operator.flags = (f"--update-qps={QPS}", f"--sts-endpoint={stage.live.url}")
        stage.operator.start()
        stage.objects.until_all_applied()
        yield stage


def change_at_once(stage: Stage, names: list[str], *, volume: float) -> None:
    """The operator sees none of the changes before all are made."""
    stage.live.forget_calls()
    with stage.operator.paused():
        stage.objects.change_all(names, layers=[{"locationId": "RV01", "volumeRate": volume}])


def calls_of(stage: Stage, account: str) -> list[Call]:
    """Once there is one for each of its objects."""
    eventually(lambda: len(stage.live.calls(account=account)) >= SIZE)
    return stage.live.calls(account=account)


def during(calls: list[Call], others: list[Call]) -> int:
    """How many of the calls began between the first and the last of the others."""
    times_s = [call["startedMonotonic"] for call in others]
    return sum(min(times_s) <= call["startedMonotonic"] <= max(times_s) for call in calls)


def test_accounts_do_not_wait_for_each_other_and_keys_of_one_share_its_quota(
    two_accounts: Stage,
) -> None:
    live = two_accounts.live

    change_at_once(two_accounts, NORTH, volume=1.5)
    alone = calls_of(two_accounts, "north")
    change_at_once(two_accounts, NORTH + SOUTH, volume=2.5)
    north, south = (calls_of(two_accounts, account) for account in ("north", "south"))
    two_accounts.objects.until_all_applied()
    most_of_each = [most_in_one_second(live, account=account) for account in ("north", "south")]
    most_of_both = most_in_one_second(live)

    live.strike({"account": "south"}, code="Throttling.User", retryAfterMs=REST_MS, times=None)
    change_at_once(two_accounts, NORTH + SOUTH, volume=3.5)
    beside_a_throttled_one = calls_of(two_accounts, "north")

    assert {call["code"] for call in chain(alone, north, south)} == {"OK"}
    assert {call["accessKeyId"] for call in alone} == {"north-one", "north-two"}
    # Both go on at once, and at more calls a second than one may make.
    assert min(during(south, north), during(north, south)) >= 0.75 * SIZE
    assert max(most_of_each) <= QPS < most_of_both
    # One makes all its calls while the other rests after its first.
    assert {call["code"] for call in beside_a_throttled_one} == {"OK"}
    assert 0 < len(live.calls(account="south")) <= QPS


def most_in_one_second(live: LiveService, **match: str) -> int:
    most: int = live.tally(**match)["mostInOneSecond"][UPDATE]
    return most


def test_an_account_that_another_client_uses_too_is_shared_and_every_object_applied(
    stage: Stage,
) -> None:
    objects, taken_per_s, left_per_s = 60, 6, 4
    stage.objects.create_all(f"show-{number}" for number in range(objects))

    with calling(stage.live, account="e2e", calls_per_s=taken_per_s):
        stage.operator.start()
        stage.objects.until_all_applied(within_s=60)

    mine, theirs = (
        [call for call in stage.live.calls() if call["accessKeyId"] == key]
        for key in (ACCESS_KEY_ID, NEIGHBOUR.access_key_id)
    )
    told = Counter(call["code"] for call in mine)
    assert told.keys() <= {"OK", "Throttling.User"}
    assert told["OK"] == objects
    assert told["Throttling.User"] <= objects / 4  # it settles, and doesn't knock on and on
    # It wins what is left, or most of it: the other one's calls tell the time.
    assert during(theirs, mine) <= 2 * objects * taken_per_s / left_per_s
    assert sum(call["code"] == "OK" for call in theirs) >= 0.8 * len(theirs)
