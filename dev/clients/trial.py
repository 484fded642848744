"""One client makes every call against an emulator of its own."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from dev.clients.client import Client
from dev.clients.comparison import compared
from dev.clients.failure import NoClientError
from dev.clients.wish import order, parameters_by_action
from dev.progress import Say
from live_emulator.answers import OK
from live_emulator.calls import Call
from live_emulator.server import Emulator, serving
from live_emulator.settings import Settings

PATIENCE_S = 60


async def tried(client: Client, folder: Path, *, say: Say) -> bool:
    """Whether every call came as the operator would make it; says what was otherwise."""
    async with serving(Settings(update_qps=0, read_qps=0, copy_qps=0)) as emulator:
        lines = await _output(client, folder, emulator)
        calls = list(emulator.calls)
    complaints = [*_complaints(client, lines, calls)]
    for complaint in complaints:
        say(f"  {complaint}")
    for spelling in sorted({*_spellings(calls)}):
        say(f"  {spelling}")
    say(f"{client.title}: {len(calls)} calls, {len(complaints) or 'nothing'} wrong")
    return not complaints


async def _output(client: Client, folder: Path, emulator: Emulator) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *client.run,
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            text = json.dumps(order(emulator.endpoint)).encode()
            output, errors = await process.communicate(text)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NoClientError(f"{client.title} ended with {process.returncode}: {errors.decode()}")
    return output.decode().split()


def _complaints(client: Client, lines: list[str], calls: list[Call]) -> Iterator[str]:
    wanted = parameters_by_action()
    if missing := wanted.keys() - {call.action for call in calls if call.code == OK}:
        yield f"did not succeed: {', '.join(sorted(missing))}"
    if lines != [*(call.request_id for call in calls[:-1]), client.wrong_secret]:
        yield f"it told {lines}"
    for call in calls:
        for name, (theirs, ours) in compared(
            call.parameters, wanted.get(call.action, {})
        ).different.items():
            yield f"{call.action} {name}: {theirs!r}, the operator {ours!r}"


def _spellings(calls: Iterable[Call]) -> Iterator[str]:
    wanted = parameters_by_action()
    for call in calls:
        otherwise = compared(call.parameters, wanted.get(call.action, {})).written_otherwise
        for theirs, ours in otherwise.values():
            yield f"writes {theirs} where the operator writes {ours}"
