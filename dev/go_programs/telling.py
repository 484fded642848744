"""The command line of those who only get a program and say where it is."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from dev.go_programs.failure import NoBinariesError
from dev.progress import Say


def tell_where(find: Callable[[Say], Mapping[str, Path]]) -> int:
    """Prints each as the environment variable that names it; gives the exit code."""
    try:
        for name, path in find(_say).items():
            print(f"{name}={path}", flush=True)
    except NoBinariesError as error:
        _say(f"{error}")
        return 1
    except KeyboardInterrupt:
        _say("Interrupted.")
        return 130
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
