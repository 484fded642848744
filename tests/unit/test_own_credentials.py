"""What is kept of the default chain's answers, for how long, and who waits for it."""

import asyncio
import logging
import threading

import pytest

from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.adapters.own_credentials.pace import Pace
from caster_scene_audio.domain.backoff import Backoff
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CredentialsUnavailable
from tests.emulator.patience import until
from tests.support.credentials.chains import (
    FETCHING,
    FIRST,
    SECOND,
    THIRD,
    FakeChain,
    HandClock,
    chain_giving,
    until_told,
)

PACE = Pace(keep_s=10, trust_s=300, timeout_s=5, failed=Backoff(first_s=1, cap_s=4))
BROKEN = RuntimeError("timed out")


def own_by(chain: FakeChain, clock: HandClock | None = None) -> DefaultChainCredentials:
    return DefaultChainCredentials({}, chain=chain.build, pace=PACE, monotonic=clock or HandClock())


async def refreshed(own: DefaultChainCredentials, chain: FakeChain) -> Credentials:
    """What is given out once the refresh that this call sets off is over."""
    asked = chain.asked
    given = await own.credentials()
    await until_told()
    assert chain.asked > asked
    return given


async def test_any_number_of_callers_at_once_cost_one_fetch() -> None:
    chain = chain_giving(FIRST)
    own = own_by(chain)

    given = await asyncio.gather(*(own.credentials() for _ in range(1000)))

    assert set(given) == {FIRST}
    assert chain.asked == 1


async def test_the_chain_is_built_and_asked_in_a_thread_of_its_own() -> None:
    chain = chain_giving(FIRST)

    await own_by(chain).credentials()

    assert threading.current_thread().name not in chain.threads
    assert chain.threads == {FETCHING}


async def test_what_was_found_is_kept_for_a_while() -> None:
    chain, clock = chain_giving(FIRST, SECOND), HandClock()
    own = own_by(chain, clock)

    await own.credentials()
    clock.pass_s(9)

    assert await own.credentials() == FIRST
    assert chain.asked == 1


async def test_callers_go_on_with_the_current_ones_while_they_are_refreshed() -> None:
    chain, clock = chain_giving(FIRST, SECOND), HandClock()
    own = own_by(chain, clock)
    await own.credentials()
    clock.pass_s(10)
    chain.gate.clear()

    meanwhile = [await own.credentials() for _ in range(50)]
    chain.gate.set()
    await until_told()

    assert set(meanwhile) == {FIRST}
    assert await own.credentials() == SECOND
    assert chain.asked == 2


async def test_credentials_that_nobody_asked_for_long_are_refreshed_before_they_are_given() -> None:
    chain, clock = chain_giving(FIRST, SECOND), HandClock()
    own = own_by(chain, clock)
    await own.credentials()

    clock.pass_s(300)

    assert await own.credentials() == SECOND


async def test_a_failing_refresh_keeps_the_current_ones_and_backs_off(
    caplog: pytest.LogCaptureFixture,
) -> None:
    chain, clock = chain_giving(FIRST, BROKEN), HandClock()
    own = own_by(chain, clock)
    await own.credentials()

    fetches_after_s = []
    for second in range(10, 24):
        asked = chain.asked
        clock.now_s = 1000.0 + second
        assert await own.credentials() == FIRST
        await until_told()
        if chain.asked > asked:
            fetches_after_s.append(second)

    assert fetches_after_s == [10, 11, 13, 17, 21]
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert {record.message for record in warnings} == {
        "Credentials not refreshed: the current ones stay in use"
    }
    assert len(warnings) == 5


async def test_current_credentials_are_given_at_once_while_refreshes_fail_for_long() -> None:
    chain, clock = chain_giving(FIRST, BROKEN), HandClock()
    own = own_by(chain, clock)
    await own.credentials()
    clock.pass_s(10)
    await refreshed(own, chain)
    clock.pass_s(1000)
    chain.gate.clear()

    assert await own.credentials() == FIRST

    chain.gate.set()


async def test_a_refresh_after_failures_is_used() -> None:
    chain, clock = chain_giving(FIRST, BROKEN, THIRD), HandClock()
    own = own_by(chain, clock)
    await own.credentials()

    clock.pass_s(10)
    await refreshed(own, chain)
    clock.pass_s(1)
    await refreshed(own, chain)

    assert await own.credentials() == THIRD


async def test_a_refusal_is_kept_for_a_second_and_costs_one_fetch_for_all() -> None:
    chain, clock = chain_giving(BROKEN, FIRST), HandClock()
    own = own_by(chain, clock)

    refused = await asyncio.gather(
        *(own.credentials() for _ in range(1000)), return_exceptions=True
    )
    with pytest.raises(CredentialsUnavailable):
        await own.credentials()

    assert {type(error) for error in refused} == {CredentialsUnavailable}
    assert chain.asked == 1
    clock.pass_s(1)
    assert await own.credentials() == FIRST


async def test_a_cancelled_caller_leaves_the_fetch_to_the_others() -> None:
    chain = chain_giving(FIRST)
    chain.gate.clear()
    own = own_by(chain)
    impatient, patient = (asyncio.create_task(own.credentials()) for _ in range(2))
    await until(lambda: chain.under_way == 1)

    impatient.cancel()
    await asyncio.wait({impatient})
    chain.gate.set()

    assert impatient.cancelled()
    assert await patient == FIRST
    assert chain.asked == 1
