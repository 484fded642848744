"""The library's default chain, behind what we ask of it: loaded late, silent, in a thread.

The chain blocks, so each question is asked in a thread of its own.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from caster_scene_audio.adapters.own_credentials.environment import (
    Source,
    source_named,
    stray_white_space,
)
from caster_scene_audio.adapters.own_credentials.refusal import explain, unfit
from caster_scene_audio.domain.credentials import Credentials

_TALKERS = ("credentials", "alibabacloud-tea", "urllib3", "apscheduler")
"""Loggers of the library and of what it calls with. They write requests with their query, which
holds the OIDC token, and errors that hold answers; the first two bring handlers of their own."""


class Given(Protocol):
    """What the chain answers with."""

    def get_access_key_id(self) -> str | None: ...
    def get_access_key_secret(self) -> str | None: ...
    def get_security_token(self) -> str | None: ...
    def get_provider_name(self) -> str | None: ...


class Chain(Protocol):
    """The library's chain. It keeps credentials until 15 minutes before they expire.

    It doesn't tell when that is.
    """

    def get_credentials(self) -> Given:
        """Blocks, for seconds where it calls; raises whatever it likes, with secrets inside."""
        ...


ChainFactory = Callable[[], Chain]


def default_chain() -> Chain:
    """A new chain, which has kept nothing. Call it in the thread that asks.

    The import takes half a second and reads the environment, once for the process.
    """
    from alibabacloud_credentials.provider import (  # noqa: PLC0415 (half a second of imports)
        DefaultCredentialsProvider,
    )

    silence()
    return cast("Chain", DefaultCredentialsProvider())


def silence() -> None:
    """Cut the library's loggers off. A NullHandler keeps the handler of last resort out, too."""
    for name in _TALKERS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False


@dataclass(frozen=True, slots=True)
class Found:
    credentials: Credentials
    source: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A value, not an exception: a traceback would carry the library's errors along."""

    reason: str


Outcome = Found | Refused


class Questioner:
    """Asks the chain; the caller sees to it that no two questions are open at once."""

    def __init__(self, build: ChainFactory, environ: Mapping[str, str]) -> None:
        self._build = build
        self._environ = environ
        self._chain: Chain | None = None
        self._source: Source | None = None

    def ask(self, tell: Callable[[Outcome], None], *, anew: bool) -> None:
        """Have `tell` called on this loop, once; `anew` leaves behind what the chain keeps.

        Each question has a daemon thread: an executor's would be waited for when the process
        ends, and a source that hangs would keep it from ending.
        """
        loop = asyncio.get_running_loop()

        def work() -> None:
            outcome = self._outcome(anew=anew)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody asks any more
                loop.call_soon_threadsafe(tell, outcome)

        threading.Thread(target=work, name="own-credentials", daemon=True).start()

    def _outcome(self, *, anew: bool) -> Outcome:
        if stray := stray_white_space(self._environ):
            return Refused(stray)
        try:
            if anew or self._chain is None:
                self._chain = self._source = None
                self._chain = self._build()
            return self._checked(self._chain.get_credentials())
        except Exception as error:  # noqa: BLE001 (the library promises nothing about its errors)
            return Refused(explain(str(error), self._environ, asking=self._source))

    def _checked(self, given: Given) -> Outcome:
        self._source = source_named(given.get_provider_name())
        values = {
            "access key ID": given.get_access_key_id(),
            "access key secret": given.get_access_key_secret(),
            "security token": given.get_security_token() or None,
        }
        for what, value in values.items():
            if value and not (value.isascii() and value.isprintable() and " " not in value):
                return Refused(unfit(self._source, f"there is a space or line break in the {what}"))
        key_id, secret, token = values.values()
        if not key_id or not secret:
            return Refused(unfit(self._source, "an empty access key"))
        label = self._source.label if self._source else "the default chain"
        return Found(
            Credentials(access_key_id=key_id, access_key_secret=secret, security_token=token),
            label,
        )
