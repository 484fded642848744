"""The cluster as a person reaches it: by the kubeconfig, and with the rights, of whoever calls."""

import argparse
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import aiohttp

from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.connection import load_connection, own_namespace
from caster_scene_audio.commands.cluster.arguments import environ_of
from caster_scene_audio.domain.objects import GROUP, KIND, PLURAL, VERSION

PAGE = 40
"""Objects of a list at once: even the largest take less than 64 MB."""

TIMEOUT_S = 20.0
MERGE_PATCH = "application/merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"

Body = dict[str, Any]


class Trouble(Exception):  # noqa: N818 (named for what is the case)
    """The cluster can't be asked; the words say what happened, and what to do."""


class Missing(Trouble):
    """There is no such object."""


class Refused(Trouble):
    """The API server refuses, for a reason that has no words of its own here."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Cluster:
    """One namespace of a cluster, or all. Every method raises Trouble."""

    def __init__(self, arguments: argparse.Namespace, environ: Mapping[str, str]) -> None:
        self._environ = environ_of(arguments, environ)
        self._context: str | None = arguments.context
        self._given: str | None = arguments.namespace
        self._everywhere: bool = getattr(arguments, "all_namespaces", False)
        self._session: aiohttp.ClientSession
        self._host = ""
        self.version = ""
        """Of the last list: from there on changes can be watched."""
        self.known: int | None = None
        """How many objects the last list has; None: it has more, and the API server doesn't count."""

    async def __aenter__(self) -> Self:
        try:
            connection = await load_connection(self._environ, context=self._context)
        except ConfigException as error:
            raise Trouble(f"No way to an API server: {error}. Name one by --kubeconfig.") from None
        self._host = connection.host
        self._session = connection.session(
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=TIMEOUT_S, sock_read=TIMEOUT_S)
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    @property
    def namespace(self) -> str | None:
        """The one that is meant; None: all."""
        if self._everywhere:
            return None
        return self._given or own_namespace(self._environ, context=self._context)

    async def objects(self, selector: str | None = None) -> AsyncIterator[Body]:
        """Page by page, so that a thousand of them are not held at once."""
        query = {"limit": f"{PAGE}", **({"labelSelector": selector} if selector else {})}
        before = 0
        while True:
            page = await self._asked("GET", self._path(), query)
            self.version = page["metadata"]["resourceVersion"]
            before += len(page["items"])
            more = page["metadata"].get("remainingItemCount")
            token = page["metadata"].get("continue")
            self.known = before + (more or 0) if not token or more is not None else None
            for each in page["items"]:
                yield each
            if not token:
                return
            query["continue"] = token

    async def object(self, name: str, namespace: str | None = None) -> Body:
        """Of the namespace that is meant, or of another; raises Missing where there is none."""
        return await self._of_one("GET", namespace or self.namespace, name, {})

    async def changes(self, version: str) -> AsyncIterator[dict[str, Any]]:
        """Events of a watch, until the API server ends it."""
        query = {"watch": "true", "resourceVersion": version, "allowWatchBookmarks": "true"}
        async with self._answer("GET", self._path(), query, None, MERGE_PATCH) as response:
            rest = b""
            try:
                async for chunk in response.content.iter_any():
                    *lines, rest = (rest + chunk).split(b"\n")
                    for line in lines:
                        yield json.loads(line)
            except TimeoutError:
                return  # nothing came for so long: it may be cut

    async def patch(self, namespace: str, name: str, patch: Body) -> Body:
        """A merge patch; raises Missing where there is no such object."""
        return await self._of_one("PATCH", namespace, name, {}, patch)

    async def apply(self, namespace: str, name: str, body: Body, *, manager: str) -> Body:
        """Server-side apply, which takes fields over; raises Missing, or Refused with 409."""
        query = {"fieldManager": manager, "force": "true"}
        return await self._of_one("PATCH", namespace, name, query, body, APPLY_PATCH)

    async def _of_one(  # noqa: PLR0913, PLR0917 (what a request consists of)
        self,
        method: str,
        namespace: str | None,
        name: str,
        query: Mapping[str, str],
        body: Body | None = None,
        kind: str = MERGE_PATCH,
    ) -> Body:
        try:
            return await self._asked(method, _path(namespace, name), query, body, kind)
        except Missing:
            raise Missing(f"{namespace} has no {KIND} {name}") from None

    async def events(self, name: str) -> list[Body]:
        """Of one object, in no order."""
        query = {"fieldSelector": f"involvedObject.kind={KIND},involvedObject.name={name}"}
        path = f"/api/v1/namespaces/{self.namespace}/events"
        found: list[Body] = (await self._asked("GET", path, query))["items"]
        return found

    def _path(self) -> str:
        return _path(self.namespace)

    async def _asked(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Body | None = None,
        kind: str = MERGE_PATCH,
    ) -> Body:
        async with self._answer(method, path, query, body, kind) as response:
            found: Body = await response.json()
            return found

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, query: Mapping[str, str], body: Body | None, kind: str
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._session.request(
                method,
                f"{self._host}{path}",
                params=query,
                data=None if body is None else json.dumps(body),
                headers={"Accept": "application/json", "Content-Type": kind},
            ) as response:
                if not response.ok:
                    raise _refusal(response.status, await response.text())
                yield response
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            what = str(error) or type(error).__name__
            raise Trouble(
                f"The API server {self._host} can't be reached: {what}. Does kubectl work from here?"
            ) from None


def _path(namespace: str | None, name: str = "") -> str:
    within = f"/namespaces/{namespace}" if namespace else ""
    return f"/apis/{GROUP}/{VERSION}{within}/{PLURAL}" + (f"/{name}" if name else "")


def _refusal(status: int, text: str) -> Trouble:
    message = _message(text)
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return Trouble("The API server doesn't take your credentials (401): log in anew.")
        case HTTPStatus.FORBIDDEN:
            return Trouble(
                f"You may not do this: {message}. --help names the rights that it needs."
            )
        case HTTPStatus.NOT_FOUND if "could not find the requested resource" in message:
            return Trouble(f"The cluster doesn't know {KIND}: is the operator's chart installed?")
        case HTTPStatus.NOT_FOUND:
            return Missing(message)
        case _:
            return Refused(status, f"The API server refuses ({status}): {message}")


def _message(text: str) -> str:
    """Of a Status; what isn't one is told as it is, in part."""
    try:
        return f"{json.loads(text)['message']}"
    except (ValueError, KeyError, TypeError):
        return " ".join(text.split())[:200]
