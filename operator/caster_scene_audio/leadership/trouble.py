"""What stands between a candidate and its Lease: told once for each kind, then at a pace."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

REMIND_S = 900.0


class Troubles:
    """Those that are there now, each a sentence and the words of its cause."""

    def __init__(self, lease: str, *, clock: Callable[[], float]) -> None:
        self._lease = lease
        self._clock = clock
        self._there: dict[str, str] = {}
        self._told_at: dict[tuple[str, str], float] = {}

    @property
    def are_there(self) -> bool:
        return bool(self._there)

    def met(self, sentence: str, words: str) -> None:
        self._there[sentence] = words
        kind, now = (sentence, words), self._clock()
        if kind in self._told_at and now < self._told_at[kind] + REMIND_S:
            return
        self._told_at[kind] = now
        log.warning(sentence, extra={"lease": self._lease, "error": words})

    def over(self, *sentences: str) -> None:
        """The next of its kind is told at once."""
        for sentence in sentences:
            self._there.pop(sentence, None)
        self._told_at = {kind: at for kind, at in self._told_at.items() if kind[0] in self._there}

    def told(self, *sentences: str) -> str | None:
        """Of these what is there, in words; None: nothing."""
        there = [f"{each}: {self._there[each]}" for each in sentences if each in self._there]
        return ", ".join(there) or None
