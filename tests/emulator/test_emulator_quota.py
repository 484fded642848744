"""The quota of an account: at most so many accepted calls of an action in any one second."""

import itertools
import random

import pytest

from live_emulator.answers import Refused
from live_emulator.dials import Dials
from live_emulator.keys import AccessKey
from live_emulator.quota import Quota
from live_emulator.server import Emulator
from live_emulator.tally import busiest_second
from tests.emulator.caller import DEMO, Caller, Key
from tests.emulator.timepiece import Timepiece

UPDATE = "UpdateCasterSceneAudio"


async def test_ten_updates_a_second_are_accepted_and_the_eleventh_is_throttled(
    caller: Caller, timepiece: Timepiece, emulator: Emulator
) -> None:
    accepted = [await caller.update() for _ in range(10)]
    timepiece.pass_by(0.25)
    eleventh = await caller.update({**DEMO, "FollowEnable": "1"})

    assert {reply.status for reply in accepted} == {200}
    assert (eleventh.status, eleventh.code) == (400, "Throttling.User")
    assert eleventh.json["Message"] == "Request was denied due to user flow control."
    assert eleventh.headers["x-acs-retry-after"] == "750"
    assert emulator.studio.find(DEMO["CasterId"], DEMO["SceneId"]).audio.follow_enable == 0
    assert [call.code for call in emulator.calls][-1] == "Throttling.User"


async def test_a_throttled_caller_that_waits_as_told_is_accepted(
    caller: Caller, timepiece: Timepiece
) -> None:
    throttled = [await caller.update() for _ in range(11)][-1]

    timepiece.pass_by(int(throttled.headers["x-acs-retry-after"]) / 1000)

    assert (await caller.update()).status == 200


async def test_reads_have_windows_of_their_own(caller: Caller) -> None:
    for _ in range(10):
        await caller.update()
    reads = [await caller.describe() for _ in range(16)]
    lists = [await caller.scenes(DEMO) for _ in range(16)]

    for replies in (reads, lists):
        assert [reply.status for reply in replies] == [200] * 15 + [400]


async def test_keys_of_one_account_share_its_quota_and_another_account_has_its_own(
    caller: Caller, emulator: Emulator
) -> None:
    for name, account in (("a1", "A"), ("a2", "A"), ("b1", "B")):
        emulator.keys.put(AccessKey(access_key_id=name, secret="s", account=account))

    statuses = [
        (await caller.update(key=Key(access_key_id=name, secret="s"))).status
        for name in ("a1",) * 6 + ("a2",) * 5 + ("b1",)
    ]

    assert statuses == [200] * 10 + [400, 200]


async def test_a_call_that_is_not_admitted_takes_no_place(caller: Caller) -> None:
    for _ in range(20):
        await caller.update(key=Key(secret="wrong"))

    assert (await caller.update()).status == 200


def accepted_times(quota: Quota, times_s: list[float]) -> list[float]:
    accepted = []
    for now_s in times_s:
        try:
            quota.take(account="a", action=UPDATE, now_s=now_s)
        except Refused:
            continue
        accepted.append(now_s)
    return accepted


@pytest.mark.parametrize("seed", range(5))
def test_no_second_ever_holds_more_than_the_quota(seed: int) -> None:
    gaps = random.Random(seed)  # noqa: S311 (times of arrival)
    times_s = list(itertools.accumulate(gaps.expovariate(30) for _ in range(2000)))

    accepted = accepted_times(Quota(Dials()), times_s)

    assert busiest_second(accepted) == 10


def test_a_caller_at_exactly_the_quota_is_never_throttled() -> None:
    times_s = [number / 8 for number in range(200)]

    assert accepted_times(Quota(Dials(update_qps=8)), times_s) == times_s


def test_the_wait_that_is_told_fits_a_quota_that_was_lowered() -> None:
    dials = Dials(update_qps=10)
    quota = Quota(dials)
    accepted_times(quota, [number / 10 for number in range(10)])
    dials.update_qps = 2

    with pytest.raises(Refused) as raised:
        quota.take(account="a", action=UPDATE, now_s=1.0)

    assert raised.value.retry_after_ms == 800


def test_a_quota_of_0_is_none() -> None:
    times_s = [0.0] * 1000

    assert accepted_times(Quota(Dials(update_qps=0)), times_s) == times_s


def test_the_busiest_second_is_half_open() -> None:
    assert busiest_second([0.0, 0.5, 1.0]) == 2
    assert busiest_second([0.0, 0.5, 0.999]) == 3
