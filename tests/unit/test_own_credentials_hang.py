"""A source that never answers: nobody waits for it for ever, not even the end of the process."""

import asyncio
import os
import subprocess
import sys

import pytest

from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.adapters.own_credentials.pace import Pace
from caster_scene_audio.domain.failure import CredentialsUnavailable
from tests.emulator.patience import until
from tests.support.credentials.chains import FIRST, SECOND, HandClock, chain_giving, until_told

HASTY = Pace(timeout_s=0.02)
HANGING = """
import asyncio, contextlib, threading
from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials

def hang():
    threading.Event().wait()

async def main():
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(DefaultChainCredentials({}, chain=hang).credentials(), 0.1)

asyncio.run(main())
"""


async def test_a_fetch_that_hangs_is_told_and_no_second_one_is_begun() -> None:
    chain = chain_giving(FIRST)
    chain.gate.clear()
    own = DefaultChainCredentials({}, chain=chain.build, pace=HASTY)

    for _ in range(3):
        with pytest.raises(CredentialsUnavailable, match=r"no answer within 0\.02 s from"):
            await own.credentials()

    chain.gate.set()
    await until_told()
    assert chain.asked == 1
    assert await own.credentials() == FIRST


async def test_the_current_ones_stay_in_use_while_a_refresh_hangs() -> None:
    chain, clock = chain_giving(FIRST, SECOND), HandClock()
    own = DefaultChainCredentials({}, chain=chain.build, pace=HASTY, monotonic=clock)
    await asyncio.gather(own.credentials(), return_exceptions=True)  # it may well be late
    await until_told()
    chain.gate.clear()
    clock.pass_s(1000)

    given = [await own.credentials() for _ in range(20)]

    chain.gate.set()
    await until_told()
    assert set(given) == {FIRST}
    assert chain.asked == 2


async def test_the_end_is_told_to_who_waits_and_waits_for_nobody() -> None:
    chain = chain_giving(FIRST)
    chain.gate.clear()
    async with DefaultChainCredentials({}, chain=chain.build) as own:
        waiting = asyncio.create_task(own.credentials())
        await until(lambda: chain.under_way == 1)

    with pytest.raises(CredentialsUnavailable, match="stopping"):
        await waiting
    with pytest.raises(CredentialsUnavailable, match="stopping"):
        await own.credentials()

    chain.gate.set()


def test_a_fetch_that_hangs_does_not_keep_the_process_from_ending() -> None:
    ended = subprocess.run(  # noqa: S603 (a program of this test's own)
        [sys.executable, "-c", HANGING],
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        timeout=30,
        check=False,
        capture_output=True,
    )

    assert (ended.returncode, ended.stderr) == (0, b"")
