"""What blocks an event loop is told by name: in the tests' own process, and in one that they start."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from blockbuster import BlockingError

import caster_scene_audio
from tests.support.tools.steady_loop import guarded

NAP = "import time\ndef nap(): time.sleep(0)"
PROGRAM = """
import asyncio, pathlib, socket, threading, time

def nap():
    {}

async def main():
    nap()

asyncio.run(main())
"""


@pytest.fixture
def nap() -> Callable[[], None]:
    """Blocks, and is of the operator, by the name of its file."""
    file = Path(caster_scene_audio.__file__).with_name("made_up.py")
    names: dict[str, Callable[[], None]] = {}
    exec(compile(NAP, file, "exec"), names)  # noqa: S102 (our own words)
    return names["nap"]


async def test_a_call_of_the_operator_that_blocks_the_loop_is_an_error(
    nap: Callable[[], None],
) -> None:
    with pytest.raises(BlockingError, match=r"time\.sleep"):
        nap()


async def test_the_same_call_in_a_thread_is_none(nap: Callable[[], None]) -> None:
    await asyncio.to_thread(nap)


@pytest.mark.parametrize(
    ("statement", "call"),
    [
        ("time.sleep(0)", "time.sleep"),
        ("pathlib.Path(__import__('os').devnull).read_text()", "io.open"),
        ("socket.socket().connect(('127.0.0.1', 9))", "socket.socket.connect"),
        ("threading.Event().wait()", "threading.Condition.wait"),
        ("threading.Thread(target=time.sleep, args=(0,), daemon=True).join()", "join"),
    ],
    ids=["a sleep", "a file", "a connection", "another thread's word", "a thread's end"],
)
def test_a_process_in_which_a_call_blocks_a_loop_says_which_and_whose(
    statement: str, call: str
) -> None:
    ended = subprocess.run(  # noqa: S603 (our own words)
        [sys.executable, "-c", PROGRAM.format(statement)],
        env=guarded({}),
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "in nap" in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("blockbuster.blockbuster.BlockingError: ")
    assert ended.stderr.endswith(f"{call}\n")
