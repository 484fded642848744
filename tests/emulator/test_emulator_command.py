"""The command as a process: one line when it listens, an orderly stop."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest


@asynccontextmanager
async def running(*flags: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "live_emulator",
        *flags,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def url_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line.startswith("live-emulator listens on http://127.0.0.1:")
    return line.split()[-1]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_the_command_serves_until_it_is_told_to_stop(stop: signal.Signals) -> None:
    async with running("--port", "0") as process, aiohttp.ClientSession() as session:
        url = await url_of(process)
        async with session.get(f"{url}/emulator/health") as response:
            healthy = response.status

        process.send_signal(stop)
        _, errors = await process.communicate()

    assert healthy == 200
    assert process.returncode == 0
    assert b"testid:testsecret is good" in errors


async def test_a_port_that_is_taken_is_told() -> None:
    async with running("--port", "0") as first:
        port = (await url_of(first)).rpartition(":")[2]
        async with running("--port", port, "--access-key", "a:b") as second:
            output, errors = await second.communicate()

    assert second.returncode == 1
    assert (output, b"cannot listen" in errors) == (b"", True)
