"""What happens when the service takes the operator's credentials for expired."""

import asyncio

import pytest

from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.adapters.own_credentials.pace import Pace
from caster_scene_audio.domain.backoff import Backoff
from caster_scene_audio.domain.failure import CredentialsUnavailable
from caster_scene_audio.ports import OwnCredentials
from tests.emulator.patience import until
from tests.support.credentials.chains import FIRST, SECOND, FakeChain, HandClock, chain_giving

BROKEN = RuntimeError("timed out")


def own_by(chain: FakeChain, clock: HandClock | None = None) -> OwnCredentials:
    pace = Pace(keep_s=10, in_vain=Backoff(first_s=1, cap_s=4))
    return DefaultChainCredentials({}, chain=chain.build, pace=pace, monotonic=clock or HandClock())


async def test_rejected_credentials_are_fetched_anew_once_for_all() -> None:
    chain = chain_giving(FIRST, SECOND)
    own = own_by(chain)
    await own.credentials()

    given = await asyncio.gather(*(own.renewed(FIRST) for _ in range(1000)))

    assert set(given) == {SECOND}
    assert (chain.built, chain.asked) == (2, 2)


async def test_other_callers_wait_for_what_replaces_the_rejected_ones() -> None:
    chain = chain_giving(FIRST, SECOND)
    own = own_by(chain)
    await own.credentials()
    chain.gate.clear()
    renewing = asyncio.create_task(own.renewed(FIRST))
    await until(lambda: chain.under_way == 1)

    other = asyncio.create_task(own.credentials())
    await asyncio.sleep(0)
    chain.gate.set()

    assert await other == SECOND
    assert await renewing == SECOND


async def test_a_late_rejection_of_old_credentials_gets_the_current_ones() -> None:
    chain = chain_giving(FIRST, SECOND)
    own = own_by(chain)
    await own.credentials()
    await own.renewed(FIRST)

    assert await own.renewed(FIRST) == SECOND
    assert chain.asked == 2


async def test_what_the_old_chain_remembers_does_not_count_after_a_rejection() -> None:
    chain, clock = chain_giving(FIRST, FIRST, SECOND), HandClock()
    own = own_by(chain, clock)
    await own.credentials()
    clock.pass_s(10)
    chain.gate.clear()
    await own.credentials()
    await until(lambda: chain.under_way == 1)

    renewing = [asyncio.create_task(own.renewed(FIRST)) for _ in range(50)]
    await asyncio.sleep(0)
    chain.gate.set()

    assert set(await asyncio.gather(*renewing)) == {SECOND}
    assert (chain.built, chain.asked, chain.most_under_way) == (2, 3, 1)


async def test_a_refresh_that_was_under_way_serves_a_rejection() -> None:
    chain, clock = chain_giving(FIRST, SECOND), HandClock()
    own = own_by(chain, clock)
    await own.credentials()
    clock.pass_s(10)
    chain.gate.clear()
    await own.credentials()
    await until(lambda: chain.under_way == 1)

    renewing = asyncio.create_task(own.renewed(FIRST))
    await asyncio.sleep(0)
    chain.gate.set()

    assert await renewing == SECOND
    assert (chain.built, chain.asked) == (1, 2)


async def test_a_chain_that_has_nothing_new_is_built_ever_more_rarely() -> None:
    chain, clock = chain_giving(FIRST), HandClock()
    own = own_by(chain, clock)
    await own.credentials()

    built_after_s = []
    for second in range(16):
        built = chain.built
        clock.now_s = 1000.0 + second
        assert await own.renewed(FIRST) == FIRST
        if chain.built > built:
            built_after_s.append(second)

    assert built_after_s == [0, 1, 3, 7, 11, 15]


async def test_a_renewal_that_fails_leaves_nothing_to_call_with() -> None:
    chain, clock = chain_giving(FIRST, BROKEN, SECOND), HandClock()
    own = own_by(chain, clock)
    await own.credentials()

    refused = await asyncio.gather(
        *(own.renewed(FIRST) for _ in range(100)), own.credentials(), return_exceptions=True
    )

    assert {type(error) for error in refused} == {CredentialsUnavailable}
    assert chain.asked == 2
    clock.pass_s(1)
    assert await own.credentials() == SECOND


async def test_a_rejection_of_what_was_never_given_fetches_as_usual() -> None:
    chain = chain_giving(FIRST)

    assert await own_by(chain).renewed(SECOND) == FIRST
    with pytest.raises(CredentialsUnavailable):
        await own_by(chain_giving(BROKEN)).renewed(SECOND)
