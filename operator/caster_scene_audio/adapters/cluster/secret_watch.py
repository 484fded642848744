"""Reads one Secret and watches it, over the official client's raw answers.

Its own `kubernetes.aio.watch.Watch` doesn't serve here. Each makes an ApiClient of its own, and so
loads the certificate authorities on the loop: 50 take more than a second. It takes an answer that
is no JSON, such as a proxy's, for an event. And what it can't parse it quotes in its exception:
here, the Secret. Nor does its CoreV1Api: to load that with all models of pods and nodes takes longer
than all the rest of the operator's start.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from kubernetes.aio.client import ApiClient

from caster_scene_audio.adapters.cluster.secret_contents import Reading, missing, reading_of
from caster_scene_audio.domain.credentials import SecretRef

TIMEOUT_S = 10.0
SERVER_TIMEOUT_S = 300
QUIET_S = 150.0
"""The API server sends a bookmark each minute; a connection that is silent for longer may hang."""

MOST_READ, MOST_WATCHED = 8, 256
"""So many Secrets are read at once, and watched at once: each takes a connection meanwhile."""

SECRETS = "/api/v1/namespaces/{namespace}/secrets"

Tell = Callable[[Reading], None]


class NotAllowed(Exception):  # noqa: N818 (named for what is the case)
    """The API server refuses the verb."""

    def __init__(self, verb: str) -> None:
        super().__init__(f"not allowed to {verb} it")
        self.verb = verb


class WatchFailed(Exception):  # noqa: N818 (named for what is the case)
    """The API server answered otherwise than with the Secret; the message has nothing of it."""


class SecretWatch:
    """Needs the verbs get and watch, of single Secrets: it selects by name.

    Each watch holds a connection of the client. So there is a bound to them, and a Secret beyond it
    is only read; as is one that doesn't exist, for anybody can name those.
    """

    def __init__(
        self, client: ApiClient, *, most_read: int = MOST_READ, most_watched: int = MOST_WATCHED
    ) -> None:
        self._client = client
        self._reads = asyncio.Semaphore(most_read)
        self._watches = asyncio.Semaphore(most_watched)

    async def run(self, ref: SecretRef, tell: Tell) -> None:
        """Tell what the Secret holds now, and where it is watched whenever it is written.

        Ends with the watch; at once where there is none, and the Secret is to be read anew.

        Raises NotAllowed, WatchFailed, aiohttp.ClientError, OSError or TimeoutError.
        """
        async with self._reads:
            version = await self._read(ref, tell)
        if version is not None and not self._watches.locked():
            async with self._watches:
                await self._watch(ref, version, tell)

    async def _read(self, ref: SecretRef, tell: Tell) -> str | None:
        """The version to watch from; None where there is no Secret."""
        request = self._asked(f"{SECRETS}/{{name}}", ref, {}, timeout_s=TIMEOUT_S)
        async with _answer(request) as response:
            if response.status == 404:
                tell(missing(ref))
                return None
            _check(response.status, verb="get")
            return _told_secret(ref, await response.read(), tell)

    async def _watch(self, ref: SecretRef, version: str, tell: Tell) -> None:
        query = {
            "fieldSelector": f"metadata.name={ref.name}",
            "watch": "true",
            "allowWatchBookmarks": "true",
            "timeoutSeconds": f"{SERVER_TIMEOUT_S}",
            "resourceVersion": version,
        }
        request = self._asked(SECRETS, ref, query, timeout_s=SERVER_TIMEOUT_S + TIMEOUT_S)
        async with _answer(request) as response:
            _check(response.status, verb="watch")
            while _told_event(ref, await _line(response), tell):
                pass  # no name here keeps a line: it holds values, and would till the next

    async def _asked(
        self, path: str, ref: SecretRef, query: dict[str, str], *, timeout_s: float
    ) -> aiohttp.ClientResponse:
        request = await self._client.param_serialize(
            "GET",
            path,
            path_params={"namespace": ref.namespace, "name": ref.name},
            query_params=[*query.items()],
            header_params={"Accept": "application/json"},
            auth_settings=["BearerToken"],
        )
        answer = await self._client.call_api(
            *request, _preload_content=False, _request_timeout=timeout_s
        )
        response: aiohttp.ClientResponse = answer.response
        return response


@asynccontextmanager
async def _answer(
    request: Awaitable[aiohttp.ClientResponse],
) -> AsyncIterator[aiohttp.ClientResponse]:
    async with asyncio.timeout(TIMEOUT_S):
        response = await request
    try:
        yield response
    finally:
        _end(response)


def _end(response: aiohttp.ClientResponse) -> None:
    """Where the answer was read whole its connection is kept; any other is cut off.

    To close it in peace would leave it open till the server agrees, and nobody would wait for that.
    """
    if response.connection and response.connection.transport:
        response.connection.transport.abort()
    response.close()


async def _line(response: aiohttp.ClientResponse) -> bytes:
    """The next event; empty at the end, and where the connection may hang."""
    try:
        async with asyncio.timeout(QUIET_S):
            return await response.content.readline()
    except TimeoutError:
        return b""


def _check(status: int, *, verb: str) -> None:
    if status == 403:
        raise NotAllowed(verb)
    if status != 200:
        raise WatchFailed(f"HTTP {status}")


def _told_secret(ref: SecretRef, body: bytes, tell: Tell) -> str:
    """The Secret's version."""
    match _parsed(body):
        case {"metadata": {"resourceVersion": str(version)}} as secret:
            tell(reading_of(ref, secret))
            return version
        case _:
            raise WatchFailed("no Secret in the answer")


def _told_event(ref: SecretRef, line: bytes, tell: Tell) -> bool:
    """Whether the watch goes on."""
    if not line:
        return False
    match _parsed(line):
        case {"type": "ADDED" | "MODIFIED", "object": {"metadata": _} as secret}:
            tell(reading_of(ref, secret))
        case {"type": "DELETED"}:
            tell(missing(ref))
        case {"type": "BOOKMARK"}:
            pass
        case {"type": "ERROR", "object": {"code": 410}}:
            return False
        case {"type": "ERROR", "object": {"code": int(code)}}:
            raise WatchFailed(f"HTTP {code}")
        case _:
            raise WatchFailed("no event in the answer")
    return True


def _parsed(text: bytes) -> Any:
    """None where it is no JSON: the exception that says so quotes the text, and so ends here."""
    try:
        return json.loads(text)
    except ValueError:
        return None
