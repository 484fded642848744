"""One question to the chain, asked in a thread, as the chain blocks."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from caster_scene_audio.adapters.own_credentials.chain import Chain, ChainFactory, Given
from caster_scene_audio.adapters.own_credentials.environment import stray_white_space
from caster_scene_audio.adapters.own_credentials.refusal import explain, unfit
from caster_scene_audio.adapters.own_credentials.sources import Source, source_named
from caster_scene_audio.domain.credentials import Credentials


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
