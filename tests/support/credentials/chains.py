"""A stand-in for the library's chain, which answers as told and remembers who asked."""

import asyncio
import threading
from collections import deque
from dataclasses import dataclass, field

from caster_scene_audio.domain.credentials import Credentials
from tests.emulator.patience import until

FIRST = Credentials(access_key_id="first", access_key_secret="hidden-1", security_token="veiled-1")
SECOND = Credentials(access_key_id="second", access_key_secret="hidden-2", security_token="veiled")
THIRD = Credentials(access_key_id="third", access_key_secret="hidden-3")

RRSA = "default/oidc_role_arn"
FETCHING = "own-credentials"
"""The name of the thread in which the chain is asked."""


@dataclass(frozen=True)
class FakeAnswer:
    credentials: Credentials
    provider: str = RRSA

    def get_access_key_id(self) -> str:
        return self.credentials.access_key_id

    def get_access_key_secret(self) -> str:
        return self.credentials.access_key_secret

    def get_security_token(self) -> str | None:
        return self.credentials.security_token

    def get_provider_name(self) -> str:
        return self.provider


@dataclass
class FakeChain:
    """Gives `answers` one after the other, and the last for ever; an exception is raised.

    `gate` holds each fetch up while it is closed.
    """

    answers: deque[Credentials | Exception]
    gate: threading.Event = field(default_factory=threading.Event)
    built: int = 0
    asked: int = 0
    threads: set[str] = field(default_factory=set)
    under_way: int = 0
    most_under_way: int = 0

    def build(self) -> "FakeChain":
        """Serves as the factory: to build anew is merely counted."""
        self.built += 1
        return self

    def get_credentials(self) -> FakeAnswer:
        self.asked += 1
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.threads.add(threading.current_thread().name)
        try:
            self.gate.wait(timeout=20)
            answer = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
        finally:
            self.under_way -= 1
        if isinstance(answer, Exception):
            raise answer
        return FakeAnswer(answer)


def chain_giving(*answers: Credentials | Exception) -> FakeChain:
    chain = FakeChain(deque(answers))
    chain.gate.set()
    return chain


async def until_told() -> None:
    """Return once every fetch is over and what came of it has been heard on this loop."""
    await until(lambda: not any(each.name == FETCHING for each in threading.enumerate()))
    await asyncio.sleep(0)  # each thread spoke before its end, and so stands before this in line


@dataclass
class HandClock:
    """Time that passes when a test says so."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def pass_s(self, seconds: float) -> None:
        self.now_s += seconds
