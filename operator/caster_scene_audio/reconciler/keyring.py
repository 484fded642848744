"""Whose credentials an object's calls are signed with, and which account's quota they use."""

import logging
from dataclasses import dataclass

from caster_scene_audio.domain.credentials import Credentials, SecretRef
from caster_scene_audio.ports import Accounts, OwnCredentials, SecretCredentials

log = logging.getLogger(__name__)


SECRET_MARK = "#"  # noqa: S105 (a mark, and no secret)
"""Begins the part of an account's stand-in that is of a secret, and is not to be shown."""

Source = SecretRef | None
"""Where credentials come from: a Secret, or with None the operator's own."""


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs a call: credentials, and the account whose quota a call with them uses."""

    credentials: Credentials
    account: str


class Keyring:
    """The credentials of every source, each with its account."""

    def __init__(
        self, *, own: OwnCredentials, secrets: SecretCredentials, accounts: Accounts
    ) -> None:
        self._own = own
        self._secrets = secrets
        self._accounts = accounts

    async def signer(self, source: Source) -> Signer:
        """The current credentials of the source; raises CredentialsUnavailable."""
        return await self._signer(source, await self._current(source))

    async def renewed(self, source: Source, rejected: Credentials) -> Signer | None:
        """Other credentials than those the service rejected; None if there are no others yet."""
        if source is None:
            credentials = await self._own.renewed(rejected)
        else:
            credentials = await self._secrets.credentials(source)
        return None if credentials == rejected else await self._signer(source, credentials)

    async def _current(self, source: Source) -> Credentials:
        if source is None:
            return await self._own.credentials()
        return await self._secrets.credentials(source)

    async def _signer(self, source: Source, credentials: Credentials) -> Signer:
        account = await self._accounts.account_of(credentials)
        return Signer(credentials, account or _stand_in(source, credentials))


def _stand_in(source: Source, credentials: Credentials) -> str:
    """What tells quotas apart where the account can't be learned.

    That is the access key; but a temporary one changes with each renewal, and its source does not.
    """
    if credentials.security_token is None:
        return f"access key {credentials.access_key_id} {SECRET_MARK}{credentials.digest}"
    return "own credentials" if source is None else f"Secret {source}"
