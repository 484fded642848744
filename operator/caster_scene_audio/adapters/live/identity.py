"""Which account an access key belongs to: STS GetCallerIdentity, which every key may call."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from pydantic import BaseModel, Field, ValidationError
from yarl import URL

from caster_scene_audio.adapters.live.client import user_agent
from caster_scene_audio.adapters.live.endpoint import parse_proxy
from caster_scene_audio.adapters.live.signature import Caller, sign
from caster_scene_audio.domain.credentials import Credentials

log = logging.getLogger(__name__)

PUBLIC_ENDPOINT = "https://sts.aliyuncs.com"
ACTION, VERSION = "GetCallerIdentity", "2015-04-01"
TIMEOUT_S = 3.0
ASK_AGAIN_S = 600.0
REMEMBERED = 1024
"""Keys whose account is kept; the one that was not asked for the longest is forgotten first."""


class _Identity(BaseModel):
    account_id: str = Field(alias="AccountId", pattern="^[!-~]{1,64}$")


@dataclass(slots=True)
class _Answer:
    account: str | None
    good_until: float


class CallerIdentity:
    """Implements `ports.Accounts`: one question for each access key, however many ask.

    Only who has the secret is told what is known of a key.
    """

    def __init__(
        self, *, endpoint: str | None, proxy: str | None = None, clock: Callable[[], float]
    ) -> None:
        self._origin = URL(endpoint) if endpoint else None
        self._proxy = parse_proxy(proxy)
        self._clock = clock
        self._answers: dict[str, asyncio.Task[_Answer]] = {}

    async def account_of(self, credentials: Credentials) -> str | None:
        """The account's ID; None where STS doesn't say, which is asked again after a while."""
        if self._origin is None:
            return None
        key = credentials.digest
        asked = self._answers.pop(key, None)
        if asked is None or (asked.done() and asked.result().good_until <= self._clock()):
            asked = asyncio.create_task(self._ask(self._origin, credentials))
        self._answers[key] = asked
        self._forget_oldest()
        return (await asyncio.shield(asked)).account

    def _forget_oldest(self) -> None:
        while len(self._answers) > REMEMBERED:
            del self._answers[next(iter(self._answers))]

    async def _ask(self, origin: URL, credentials: Credentials) -> _Answer:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                account = await _account(origin, credentials, self._proxy)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning(
                "The account of an access key isn't known: its quota is kept for the key alone",
                extra={"accessKeyId": credentials.access_key_id, "error": _why(error)},
            )
            return _Answer(None, self._clock() + ASK_AGAIN_S)
        return _Answer(account, float("inf"))


async def _account(origin: URL, credentials: Credentials, proxy: URL | None) -> str:
    caller = Caller(
        credentials=credentials,
        now=datetime.now(UTC),
        nonce=secrets.token_hex(16),
        user_agent=user_agent(),
    )
    host = origin.host_port_subcomponent or ""
    signed = sign(ACTION, {}, host=host, caller=caller, version=VERSION)
    async with (
        aiohttp.ClientSession(skip_auto_headers=("Content-Type",)) as session,
        session.post(
            origin.with_path("/"), headers=signed.headers, allow_redirects=False, proxy=proxy
        ) as response,
    ):
        if response.status != 200:
            raise ValueError(f"HTTP {response.status}")
        try:
            return _Identity.model_validate_json(await response.content.read(65536)).account_id
        except ValidationError:
            raise ValueError("the answer holds no AccountId") from None


def _why(error: Exception) -> str:
    """Our own words, or the kind of failure: a library's words may quote the request."""
    return str(error) if type(error) is ValueError else type(error).__name__
