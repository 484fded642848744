"""What is known of one followed Secret, and how its reading goes."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from caster_scene_audio.adapters.cluster.secret_contents import Absent, Reading, not_followed
from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.domain.failure import CredentialsUnavailable

FIRST_READ_S = 15.0


@dataclass(slots=True, eq=False)
class SecretMemory:
    """Keeps the last reading, whatever goes wrong afterwards, till it is told to forget."""

    ref: SecretRef
    refusals: int = 0
    failures: int = 0
    trouble: str | None = None
    changed: Callable[[SecretRef], None] = lambda _: None
    _reading: Reading | None = field(default=None, repr=False)
    _is_read: asyncio.Event = field(default_factory=asyncio.Event)
    _is_left: bool = False
    _told_in_vain: bool = False

    async def credentials(self) -> Credentials:
        """At once, but for the first reading; raises CredentialsUnavailable."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIRST_READ_S):
                await self._is_read.wait()
        match self._reading:
            case Credentials() as credentials:
                return credentials
            case Absent(reason):
                raise CredentialsUnavailable(reason)
            case None:
                self._told_in_vain = True
                raise CredentialsUnavailable(
                    f"Secret {self.ref} could not be read within {FIRST_READ_S:.0f} s:"
                    f" {self.trouble or 'the API server did not answer'}"
                )

    def take(self, reading: Reading) -> bool:
        """Whether that is news: a first reading only for whom it kept waiting too long."""
        if self._is_left:
            return False
        before, self._reading = self._reading, reading
        self._is_read.set()
        return reading != before and (before is not None or self._told_in_vain)

    def forget(self) -> None:
        """Hold no value any more, and let nobody wait for one."""
        self._is_left = True
        self._reading = not_followed(self.ref)
        self._is_read.set()
