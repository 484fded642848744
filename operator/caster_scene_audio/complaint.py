"""A trouble that lasts is told at a pace: at once, then now and then, with how often it was met."""

import logging
from collections.abc import Callable

PACE_S = 600.0
"""The same trouble is told again no sooner."""

MOST = 20
"""So many kinds of trouble are told apart; who brings more is told them anew."""


class Complaint:
    """One thing that may go wrong again and again.

    Args:
        log: Where it is told.
        sentence: What is told, beside the trouble's own words.
        relief: What is told when it is over.
        facts: Told with each.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        log: logging.Logger,
        sentence: str,
        *,
        relief: str,
        facts: dict[str, object],
        clock: Callable[[], float],
    ) -> None:
        self._log = log
        self._sentence = sentence
        self._relief = relief
        self._facts = facts
        self._clock = clock
        self._told_at: dict[str, float] = {}
        self._untold: dict[str, int] = {}
        self._is_open = False

    def met(self, trouble: str, *, cause: BaseException | None = None) -> None:
        """`cause`: a defect, whose traceback is told."""
        times = self._untold[trouble] = self._untold.get(trouble, 0) + 1
        if self._clock() < self._told_at.get(trouble, -PACE_S) + PACE_S:
            return
        if len(self._told_at) >= MOST:
            self._told_at.clear()
            self._untold.clear()
        self._told_at[trouble], self._untold[trouble] = self._clock(), 0
        self._is_open = True
        facts = self._facts | {"error": trouble, "times": times}
        self._log.warning(self._sentence, extra=facts, exc_info=cause)

    def over(self) -> None:
        """It went well; told where the trouble was."""
        if self._is_open:
            self._is_open = False
            self._log.info(self._relief, extra=self._facts)
