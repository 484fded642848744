"""An API server that serves one kind, and whose lists and watches go as a test says."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

GROUP, VERSION, PLURAL = "live.alibabacloud.com", "v1alpha1", "castersceneaudios"
OURS = f"/apis/{GROUP}/{VERSION}"

Behaviour = Callable[[web.StreamResponse, web.Request], Awaitable[None]]
"""What a watch does once its answer has begun; when it returns, the watch ends in order."""


def resource(kind: str, plural: str) -> dict[str, Any]:
    return {
        "name": plural,
        "singularName": kind.lower(),
        "namespaced": True,
        "kind": kind,
        "verbs": ["list", "watch"],
    }


def group(name: str, version: str) -> dict[str, Any]:
    known = {"groupVersion": f"{name}/{version}", "version": version}
    return {"name": name, "versions": [known], "preferredVersion": known}


DISCOVERY: dict[str, Any] = {
    "/api": {"versions": ["v1"]},
    "/api/v1": {"resources": [resource("Namespace", "namespaces"), resource("Event", "events")]},
    "/apis": {"groups": [group("apiextensions.k8s.io", "v1"), group(GROUP, VERSION)]},
    "/apis/apiextensions.k8s.io/v1": {
        "resources": [resource("CustomResourceDefinition", "customresourcedefinitions")]
    },
    OURS: {"resources": [resource("CasterSceneAudio", PLURAL)]},
}


def body(name: str, version: int = 1) -> dict[str, Any]:
    metadata = {"name": name, "uid": f"uid-{name}", "resourceVersion": f"{version}"}
    return {"metadata": {**metadata, "namespace": "studio"}, "spec": {}}


def event(kind: str, thing: object) -> bytes:
    return json.dumps({"type": kind, "object": thing}).encode() + b"\n"


def lasts(*lines: bytes, for_s: float = 60) -> Behaviour:
    """Sends the lines, and nothing more for so long."""

    async def behave(response: web.StreamResponse, _: web.Request) -> None:
        for line in lines:
            await response.write(line)
        await asyncio.sleep(for_s)

    return behave


def lasts_its_time(*lines: bytes) -> Behaviour:
    """As long as the request asks for."""

    async def behave(response: web.StreamResponse, request: web.Request) -> None:
        await lasts(*lines, for_s=int(request.query["timeoutSeconds"]))(response, request)

    return behave


async def breaks(_: web.StreamResponse, request: web.Request) -> None:
    assert request.transport
    request.transport.abort()


async def never_answers(_: web.Request) -> web.Response:
    await asyncio.Event().wait()
    return web.Response()


def refuses(status: int) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"kind": "Status", "code": status}, status=status)

    return answer


async def shows_a_page(_: web.Request) -> web.Response:
    """As a proxy does that wants a login."""
    return web.Response(text="<html>Who are you?</html>", content_type="text/html")


@dataclass
class FakeApi:
    """Lists `items` at `version`; `watches` are how the next watches go, and the last one stays."""

    items: list[dict[str, Any]] = field(default_factory=list)
    version: int = 10
    watches: deque[Behaviour] = field(default_factory=lambda: deque([lasts()]))
    instead: dict[str, Callable[[web.Request], Awaitable[web.Response]]] = field(
        default_factory=dict
    )
    """What answers a `list`, a `check`, a `watch` or a path of the discovery in its place."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """What was asked for, and the query."""

    def asked_for(self, what: str) -> list[dict[str, str]]:
        return [query for each, query in self.asked if each == what]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        what = _what(request)
        self.asked.append((what, dict(request.query)))
        if what in self.instead:
            return await self.instead[what](request)
        if what in {"list", "check"}:
            metadata = {"resourceVersion": f"{self.version}"}
            return web.json_response({"items": self.items, "metadata": metadata})
        if what == "watch":
            return await self._watch(request)
        return web.json_response(DISCOVERY[what])

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        behave = self.watches.popleft() if len(self.watches) > 1 else self.watches[0]
        await behave(response, request)
        return response


def _what(request: web.Request) -> str:
    if not request.path.endswith(f"/{PLURAL}"):
        return request.path
    if "watch" in request.query:
        return "watch"
    return "check" if request.query.get("limit") == "1" else "list"


@asynccontextmanager
async def serving(api: FakeApi) -> AsyncIterator[str]:
    """Gives the URL."""
    app = web.Application()
    app.router.add_get("/{path:.*}", api.serve)
    async with TestServer(app, shutdown_timeout=0.1) as server:
        yield str(server.make_url("/")).rstrip("/")
