"""Run as a process: 50 callers, refreshes all the while, and how steady the event loop stays."""

import asyncio
import json
import os
import sys
import time

from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.adapters.own_credentials.pace import Pace
from caster_scene_audio.domain.failure import CredentialsUnavailable

CALLERS = 50
STEP_S = 0.01


class Ticker:
    """Measures by how much the loop comes late to what it should do each STEP_S."""

    longest_stall_s = 0.0

    async def run(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(STEP_S)
            stall_s = time.monotonic() - before - STEP_S
            self.longest_stall_s = max(self.longest_stall_s, stall_s)


async def call(own: DefaultChainCredentials, until: float, seen: list[str]) -> int:
    """As an object would: credentials before each call; returns how often there were none."""
    failures = 0
    while time.monotonic() < until:
        try:
            found = await own.credentials()
        except CredentialsUnavailable:
            failures += 1
        else:
            if found.access_key_id not in seen:
                seen.append(found.access_key_id)
        await asyncio.sleep(STEP_S)
    return failures


async def measure(seconds: float) -> dict[str, object]:
    ticker, seen = Ticker(), list[str]()
    ticking = asyncio.create_task(ticker.run())
    async with DefaultChainCredentials(os.environ, pace=Pace(keep_s=0.1)) as own:
        until = time.monotonic() + seconds
        failures = await asyncio.gather(*(call(own, until, seen) for _ in range(CALLERS)))
    ticking.cancel()
    return {"longest_stall_s": ticker.longest_stall_s, "failures": sum(failures), "seen": seen}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(float(sys.argv[1])))))  # noqa: T201 (what the test reads)
