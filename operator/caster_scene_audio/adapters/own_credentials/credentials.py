"""The credentials that are kept, asked for again before they expire, and shared by all callers.

The chain hides when what it gives expires, but renews it by itself from 15 minutes before. So it
is asked again each `keep_s` while anyone needs credentials: it answers from its memory in
microseconds, and calls out when it is time, in the background. To ask its providers one by one
would tell the expiry and leave us to keep their order and rules.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from caster_scene_audio.adapters.own_credentials.chain import (
    ChainFactory,
    Found,
    Outcome,
    Questioner,
    Refused,
    default_chain,
)
from caster_scene_audio.adapters.own_credentials.pace import DEFAULT_PACE, Pace, Renewals
from caster_scene_audio.adapters.own_credentials.refusal import overdue
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CredentialsUnavailable

log = logging.getLogger(__name__)

_STOPPING = Refused("no credentials: the operator is stopping")


@dataclass(slots=True, eq=False, kw_only=True)
class _Question:
    """A fetch under way; it ends with None when its answer doesn't count."""

    anew: bool
    asked_at: float
    deadline: float
    ended: asyncio.Future[Outcome | None]
    told_late: bool = False


class DefaultChainCredentials:
    """Implements `ports.OwnCredentials`, on one event loop, with one fetch at a time."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        chain: ChainFactory = default_chain,
        pace: Pace = DEFAULT_PACE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._environ = environ
        self._questioner = Questioner(chain, environ)
        self._pace = pace
        self._monotonic = monotonic
        self._question: _Question | None = None
        self._held: Found | None = None
        self._held_since = float("-inf")
        self._refusal: Refused | None = None
        self._failures = 0
        self._due_at = float("-inf")
        self._renewals = Renewals(pace)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give out nothing more. A fetch under way is left to its daemon thread."""
        self._held, self._refusal, self._due_at = None, _STOPPING, float("inf")
        question, self._question = self._question, None
        if question:
            question.ended.set_result(_STOPPING)

    async def credentials(self) -> Credentials:
        """The current ones, at once where they are still good; raises CredentialsUnavailable."""
        if self._question is None and self._monotonic() >= self._due_at:
            self._ask()
        if self._held and not self._is_unproved():
            return self._held.credentials
        return await self._answered()

    async def renewed(self, rejected: Credentials) -> Credentials:
        """Fetched anew, as the service took these for expired; raises CredentialsUnavailable.

        Where a new chain gave the rejected ones again, they are returned, and it is a while
        before another is built: each chain may leave a thread of the library behind.
        """
        now = self._monotonic()
        current = self._held and self._held.credentials
        if current == rejected and self._renewals.begin(rejected, now=now):
            self._held, self._due_at = None, now
        return await self.credentials()

    def _is_unproved(self) -> bool:
        """Nobody asked for so long that they may have expired, and no refresh failed since."""
        return self._failures == 0 and self._monotonic() - self._held_since >= self._pace.trust_s

    def _ask(self) -> None:
        loop = asyncio.get_running_loop()
        question = _Question(
            anew=self._renewals.rejected is not None,
            asked_at=self._monotonic(),
            deadline=loop.time() + self._pace.timeout_s,
            ended=loop.create_future(),
        )
        self._question = question
        self._questioner.ask(partial(self._take, question), anew=question.anew)

    async def _answered(self) -> Credentials:
        while self._question:
            outcome = await self._outcome(self._question)
            if isinstance(outcome, Found):
                return outcome.credentials
            if outcome and self._held:  # the refresh failed: these may still be good
                return self._held.credentials
            if outcome:
                raise CredentialsUnavailable(outcome.reason)
        if self._held:
            return self._held.credentials
        raise CredentialsUnavailable((self._refusal or _STOPPING).reason)

    async def _outcome(self, question: _Question) -> Outcome | None:
        """Waits beside all others: a caller that is cancelled leaves the fetch alone."""
        left_s = question.deadline - asyncio.get_running_loop().time()
        await asyncio.wait({question.ended}, timeout=max(left_s, 0))
        if question.ended.done():
            return question.ended.result()
        late = Refused(overdue(self._environ, timeout_s=self._pace.timeout_s))
        if not question.told_late:
            question.told_late = True
            log.warning("Credentials are late", extra={"error": late.reason})
        return late

    def _take(self, question: _Question, outcome: Outcome) -> None:
        if question is not self._question:  # closed meanwhile
            return
        self._question = None
        if self._is_outdated(question, outcome):
            self._ask()
            question.ended.set_result(None)
            return
        if isinstance(outcome, Found):
            self._keep(question, outcome)
        else:
            self._go_without(outcome)
        question.ended.set_result(outcome)

    def _is_outdated(self, question: _Question, outcome: Outcome) -> bool:
        """A rejection came after the question, and the answer may be the chain's memory."""
        rejected = self._renewals.rejected
        if rejected is None or question.anew:
            return False
        return isinstance(outcome, Refused) or outcome.credentials == rejected

    def _keep(self, question: _Question, found: Found) -> None:
        if self._held is None or self._held.credentials != found.credentials:
            log.info("Credentials found", extra={"source": found.source})
        self._renewals.end(found.credentials, now=self._monotonic())
        self._held, self._held_since, self._failures = found, question.asked_at, 0
        self._due_at = question.asked_at + self._pace.keep_s

    def _go_without(self, refused: Refused) -> None:
        """Keep what there is, or the refusal for a moment, so that it costs one fetch for all."""
        self._failures = self._failures + 1 if self._held else 1
        pause_s = self._pace.failed.step_s(self._failures)
        self._due_at = self._monotonic() + pause_s
        self._renewals.end(None, now=self._monotonic())
        if self._held:
            log.warning(
                "Credentials not refreshed: the current ones stay in use",
                extra={"error": refused.reason, "nextTrySeconds": pause_s},
            )
        elif refused != self._refusal:
            log.warning("No credentials", extra={"error": refused.reason})
        self._refusal = refused
