"""Programs that take long to get: each is found once, ahead of the first test."""

from collections.abc import Callable
from typing import Generic, TypeVar

import pytest

from dev.go_programs.failure import NoBinariesError
from dev.progress import Say
from tests.support.tools.aloud import aloud

T = TypeVar("T")


class Ahead(Generic[T]):
    """What `find` gives, for the tests that ask for one of the fixtures."""

    def __init__(self, find: Callable[[Say], T], *fixtures: str) -> None:
        self._find = find
        self._fixtures = frozenset(fixtures)
        self._key = pytest.StashKey[T]()

    def of(self, config: pytest.Config) -> T:
        """Found now, unless it was before."""
        if self._key not in config.stash:
            config.stash[self._key] = self._find(aloud(config))
        return config.stash[self._key]

    def get(self, session: pytest.Session) -> None:
        """At the end of the collection: to build it takes longer than a test may.

        Where it can't be had the run ends, and says what to do.
        """
        if session.config.option.collectonly:
            return
        asked_for = {name for item in session.items for name in getattr(item, "fixturenames", ())}
        if self._fixtures & asked_for:
            try:
                self.of(session.config)
            except NoBinariesError as error:
                pytest.exit(f"{error}", returncode=pytest.ExitCode.USAGE_ERROR)
