"""Run as a process: 50 callers, and refreshes all the while, until so many keys were given out."""

import asyncio
import json
import os
import sys

from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.adapters.own_credentials.pace import Pace
from caster_scene_audio.domain.failure import CredentialsUnavailable

CALLERS = 50
STEP_S = 0.01


async def call(own: DefaultChainCredentials, keys: int, seen: list[str]) -> int:
    """As an object would: credentials before each call; returns how often there were none."""
    failures = 0
    while len(seen) < keys and not failures:
        try:
            found = await own.credentials()
        except CredentialsUnavailable:
            failures += 1
        else:
            if found.access_key_id not in seen:
                seen.append(found.access_key_id)
        await asyncio.sleep(STEP_S)
    return failures


async def measure(keys: int) -> dict[str, object]:
    seen = list[str]()
    async with DefaultChainCredentials(os.environ, pace=Pace(keep_s=0.1)) as own:
        failures = await asyncio.gather(*(call(own, keys, seen) for _ in range(CALLERS)))
    return {"failures": sum(failures), "seen": seen}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(int(sys.argv[1])))))  # noqa: T201 (what the test reads)
