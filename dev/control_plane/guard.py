"""Runs a command and ends it, and itself, once the process that started this one is gone.

Its standard input is a pipe that only that process holds open: the end of the pipe is the end of
the process, however it came. Called by its path, in a session of its own, with nothing but the
standard library. Signals are meant for the whole process group.
"""

import os
import signal
import subprocess
import sys
import threading
from types import FrameType


def run(command: list[str]) -> int:
    # A handler that does nothing, not SIG_IGN, which the command would inherit.
    signal.signal(signal.SIGTERM, _leave_it_to_the_command)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    return child.wait()


def _end_with_the_starter() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _leave_it_to_the_command(_signal: int, _frame: FrameType | None) -> None:
    pass


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
