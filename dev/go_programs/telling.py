"""The command line of those who only get a program and say where it is."""

from collections.abc import Callable, Mapping
from pathlib import Path

from dev.go_programs.failure import NoBinariesError
from dev.progress import Say, to_stderr


def tell_where(find: Callable[[Say], Mapping[str, Path]]) -> int:
    """Prints each as the environment variable that names it; gives the exit code."""
    try:
        for name, path in find(to_stderr).items():
            print(f"{name}={path}", flush=True)
    except NoBinariesError as error:
        to_stderr(f"{error}")
        return 1
    except KeyboardInterrupt:
        to_stderr("Interrupted.")
        return 130
    return 0
