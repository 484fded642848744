"""The client of ApsaraVideo Live: one pooled session, one signed attempt for each call."""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from caster_scene_audio.adapters.live.answers import (
    MAX_ANSWER_BYTES,
    Answer,
    listed_scenes,
    observed_audio,
    updated,
)
from caster_scene_audio.adapters.live.endpoint import parse_endpoint, parse_proxy
from caster_scene_audio.adapters.live.outages import outage
from caster_scene_audio.adapters.live.parameters import (
    caster_parameters,
    describe_parameters,
    update_parameters,
)
from caster_scene_audio.adapters.live.regions import Network
from caster_scene_audio.adapters.live.signature import Caller, SignedRequest, sign
from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef
from caster_scene_audio.domain.codes import failure_of
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.settings import DISTRIBUTION

MAX_CONNECTIONS = 100
# Shorter than the 15 s after which a load balancer closes: else a call meets the closing door.
KEEPALIVE_S = 10


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _random_nonce() -> str:
    return secrets.token_hex(16)


def user_agent() -> str:
    """How the operator names itself to the service."""
    return f"{DISTRIBUTION}/{version(DISTRIBUTION)}"


class LiveClient:
    """Implements `ports.Live`; to be entered once, and used until it is left.

    `endpoint`, a URL or REGION=URL or several, overrides the service's own hosts in `network`; a bad
    one raises ValueError at once, as does a bad `proxy`, through which all calls go. Proxies and .netrc of the environment are not read: a netrc
    entry for the host would take the place of the signature, and a proxy that was meant for
    something else would see the calls.
    """

    def __init__(  # noqa: PLR0913 (each has a default; tests hand in the last three)
        self,
        *,
        endpoint: str | Sequence[str] | None = None,
        network: Network = Network.PUBLIC,
        proxy: str | None = None,
        timeout_s: float = 10,
        connect_timeout_s: float = 3,
        max_connections: int = MAX_CONNECTIONS,
        now: Callable[[], datetime] = _utc_now,
        nonce: Callable[[], str] = _random_nonce,
        resolver: aiohttp.abc.AbstractResolver | None = None,
    ) -> None:
        self._endpoint = parse_endpoint(endpoint, network)
        self._proxy = parse_proxy(proxy)
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=connect_timeout_s)
        self._max_connections = max_connections
        self._now = now
        self._nonce = nonce
        self._resolver = resolver
        self._user_agent = user_agent()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._max_connections,
                keepalive_timeout=KEEPALIVE_S,
                resolver=self._resolver,
            ),
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,  # none is asked for, and a small answer could grow without end
            skip_auto_headers=("Content-Type",),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        """Set what `wanted` names; gives the RequestId."""
        return updated(
            await self._call(
                "UpdateCasterSceneAudio", update_parameters(wanted), wanted.region_id, credentials
            )
        )

    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        """Read the scene's audio back, all but the filters."""
        return observed_audio(
            await self._call(
                "DescribeCasterSceneAudio", describe_parameters(scene), scene.region_id, credentials
            )
        )

    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        """The scenes of the caster that bear the ref's scene ID: one, or none."""
        answer = await self._call(
            "DescribeCasterScenes", describe_parameters(scene), scene.region_id, credentials
        )
        return tuple(each for each in listed_scenes(answer) if each.scene_id == scene.scene_id)

    async def describe_caster(
        self, caster_id: str, region_id: str | None, credentials: Credentials
    ) -> tuple[Scene, ...]:
        """All scenes of the caster."""
        parameters = caster_parameters(caster_id, region_id)
        return listed_scenes(
            await self._call("DescribeCasterScenes", parameters, region_id, credentials)
        )

    async def _call(
        self,
        action: str,
        parameters: dict[str, str],
        region_id: str | None,
        credentials: Credentials,
    ) -> Answer:
        _check(credentials)
        origin = self._endpoint.origin(region_id)
        host = origin.host_port_subcomponent or ""
        caller = Caller(
            credentials=credentials,
            now=self._now(),
            nonce=self._nonce(),
            user_agent=self._user_agent,
        )
        signed = sign(action, parameters, host=host, caller=caller)
        try:
            answer = await self._exchange(origin, host, signed)
            return replace(answer, layers=sum(name.startswith("MixList.") for name in parameters))
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            failure = outage(error, host=host)
        # Outside the handler: aiohttp's error holds the signed request, and would travel as the
        # context of this one.
        raise CallFailed(failure)

    async def _exchange(self, origin: URL, host: str, signed: SignedRequest) -> Answer:
        async with self._session.post(
            URL(f"{origin.with_path('/')}?{signed.query}", encoded=True),
            headers={**signed.headers, "Accept-Encoding": "identity"},
            allow_redirects=False,
            proxy=self._proxy,
        ) as response:
            return Answer(
                host=host,
                status=response.status,
                headers=response.headers,
                body=await _bounded(response.content),
                secrets=signed.secrets,
                request_bytes=len(f"POST /?{signed.query} HTTP/1.1"),
            )


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    """The body, or its beginning where it is longer than an answer may be."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            break
    return bytes(body)


def _check(credentials: Credentials) -> None:
    """A line break in a Secret is a common slip; in a header it would be a second header."""
    for name, value in (
        ("access key ID", credentials.access_key_id),
        ("security token", credentials.security_token),
    ):
        if value is not None and re.fullmatch("[!-~]+", value) is None:
            message = f"the {name} is empty, or holds a space, a line break or another character"
            raise CallFailed(
                failure_of(
                    "MalformedCredentials", f"{message} that no key has: check the credentials"
                )
            )
