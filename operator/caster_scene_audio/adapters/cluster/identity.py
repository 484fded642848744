"""Who we are to the API server, proven anew for each request, as what proves it rotates."""

import asyncio
import base64
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from typing_extensions import override

from caster_scene_audio.adapters.cluster.client_certificate import ClientCertificate
from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.kubeconfig_sections import User
from caster_scene_audio.adapters.cluster.plugin import Credential, CredentialProgram, PluginFailed

log = logging.getLogger(__name__)

ASK_AGAIN_S = 10.0
"""A plugin whose credentials are refused is asked no more often."""


class Identity(Protocol):
    """What stands in the Authorization header of a request."""

    async def authorization(self) -> str | None:
        """None where nothing does; raises PluginFailed."""
        ...

    def rejected(self) -> None:
        """The API server no longer takes it."""
        ...


class Fixed(Identity):
    """A token, a user's name and password, or nothing."""

    def __init__(self, value: str | None) -> None:
        self._value = value

    @override
    async def authorization(self) -> str | None:
        return self._value

    @override
    def rejected(self) -> None:
        return


class TokenFile(Identity):
    """A token in a file that rotates: what can't be read, or is empty, leaves the former one."""

    def __init__(self, path: Path, token: str | None) -> None:
        """Raises ConfigException where neither the file nor `token` gives one."""
        self._path = path
        self._value = None if token is None else _bearer(token)
        if self._read() is None and token is None:
            raise ConfigException(f"tokenFile: {path} holds no token, or can't be read")

    @override
    async def authorization(self) -> str | None:
        return self._read()

    @override
    def rejected(self) -> None:
        return

    def _read(self) -> str | None:
        with contextlib.suppress(OSError, ValueError, ConfigException):
            self._value = _bearer(self._path.read_text())
        return self._value


class PluginIdentity(Identity):
    """A plugin's credentials, until they expire or are refused."""

    def __init__(
        self,
        program: CredentialProgram,
        certificate: ClientCertificate,
        *,
        clock: Callable[[], float],
    ) -> None:
        self._program = program
        self._certificate = certificate
        self._clock = clock
        self._lock = asyncio.Lock()
        self._credential: Credential | None = None
        self._value: str | None = None
        self._asked_at = 0.0
        self._is_rejected = False

    @override
    async def authorization(self) -> str | None:
        async with self._lock:
            if self._credential is None:
                await self._renew()
            elif self._is_due(self._credential):
                await self._try_to_renew()
            return self._value

    @override
    def rejected(self) -> None:
        self._is_rejected = True

    def _is_due(self, credential: Credential) -> bool:
        is_over = credential.expires_at is not None and datetime.now(UTC) >= credential.expires_at
        return (is_over or self._is_rejected) and self._clock() >= self._asked_at + ASK_AGAIN_S

    async def _try_to_renew(self) -> None:
        try:
            await self._renew()
        except PluginFailed as error:
            log.warning("Credentials for the API server not renewed", extra={"error": str(error)})

    async def _renew(self) -> None:
        self._asked_at = self._clock()
        credential = await self._program.ask()
        self._take(credential)
        self._credential, self._is_rejected = credential, False

    def _take(self, credential: Credential) -> None:
        """Raises PluginFailed for what can't be used."""
        try:
            self._value = _bearer(credential.token) if credential.token else None
            if credential.certificate and credential.key:
                self._certificate.show(credential.certificate, credential.key)
        except ConfigException as error:
            raise PluginFailed(
                f"what the kubeconfig's plugin gave can't be used: {error}"
            ) from None


def identity_of(
    user: User,
    program: CredentialProgram | None,
    certificate: ClientCertificate,
    *,
    clock: Callable[[], float],
) -> Identity:
    """What goes first is what goes first for kubectl; raises ConfigException."""
    if user.token_file:
        return TokenFile(user.token_file, user.token)
    if user.token:
        return Fixed(_bearer(user.token))
    if user.username and user.password:
        pair = f"{user.username}:{user.password}".encode()
        return Fixed(f"Basic {base64.b64encode(pair).decode()}")
    if program:
        return PluginIdentity(program, certificate, clock=clock)
    return Fixed(None)


def impersonation_of(user: User) -> tuple[tuple[str, str], ...]:
    """The headers that ask to be taken for somebody else; raises ConfigException."""
    if not user.as_user:
        if user.as_uid or user.as_groups or user.as_user_extra:
            raise ConfigException("as-uid, as-groups and as-user-extra need the user's `as`")
        return ()
    extra = [
        (f"Impersonate-Extra-{quote(name, safe=_IN_NAMES)}", value)
        for name, values in user.as_user_extra.items()
        for value in values
    ]
    uid = [("Impersonate-Uid", user.as_uid)] if user.as_uid else []
    groups = [("Impersonate-Group", each) for each in user.as_groups]
    return (("Impersonate-User", user.as_user), *uid, *groups, *extra)


_IN_NAMES = "!#$&'*+-.^_`|~"
"""What may stand in the name of a header beside letters and digits; a % is an escape there."""


def _bearer(text: str) -> str:
    """Raises ConfigException for what fits in no header."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable():
        raise ConfigException(
            "the token is empty, or holds a line break or another character of no token"
        )
    return f"Bearer {token}"
