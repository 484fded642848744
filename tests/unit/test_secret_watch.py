"""One Secret is read and watched, over an API server that answers what a test says."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from kubernetes.aio.client import ApiClient, Configuration

from caster_scene_audio.adapters.cluster import secret_watch
from caster_scene_audio.adapters.cluster.secret_contents import Reading, missing
from caster_scene_audio.adapters.cluster.secret_watch import NotAllowed, SecretWatch, WatchFailed
from caster_scene_audio.domain.credentials import Credentials, SecretRef

REF = SecretRef(namespace="studio", name="key")
PATH = "/api/v1/namespaces/studio/secrets"
MISSING = missing(REF)


def secret(name: str, version: str = "7") -> dict[str, Any]:
    data = {"access-key-id": name, "access-key-secret": f"topvalue-of-{name}"}
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    return {"metadata": {"name": "key", "resourceVersion": version}, "data": encoded}


def key(name: str) -> Credentials:
    return Credentials(access_key_id=name, access_key_secret=f"topvalue-of-{name}")


def event(kind: str, thing: object) -> bytes:
    return json.dumps({"type": kind, "object": thing}).encode() + b"\n"


CHANGED = event("MODIFIED", secret("two"))


@dataclass
class FakeApiServer:
    """Answers a read with `status` and `body`, a watch with the lines given; then as told."""

    body: object = field(default_factory=lambda: secret("one"))
    status: int = 200
    watch_status: int = 200
    lines: tuple[bytes, ...] = ()
    then: Callable[[web.Request], Awaitable[object]] | None = None
    watches: list[dict[str, str]] = field(default_factory=list)

    async def read(self, _: web.Request) -> web.Response:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return web.Response(status=self.status, text=text)

    async def watch(self, request: web.Request) -> web.StreamResponse:
        self.watches.append(dict(request.query))
        response = web.StreamResponse(status=self.watch_status)
        await response.prepare(request)
        for line in self.lines:
            await response.write(line)
        if self.then:
            await self.then(request)
        return response


async def hangs(_: web.Request) -> None:
    await asyncio.sleep(60)


async def breaks(request: web.Request) -> None:
    assert request.transport
    request.transport.abort()


@asynccontextmanager
async def watching(api: FakeApiServer, *, most_watched: int = 9) -> AsyncIterator[SecretWatch]:
    app = web.Application()
    app.router.add_get(PATH, api.watch)
    app.router.add_get(f"{PATH}/key", api.read)
    async with TestServer(app) as server:
        url = str(server.make_url("/")).rstrip("/")
        async with ApiClient(Configuration(host=url)) as client:
            yield SecretWatch(client, most_watched=most_watched)


async def told_by(api: FakeApiServer) -> list[Reading]:
    told: list[Reading] = []
    async with watching(api) as watch:
        await watch.run(REF, told.append)
    return told


async def test_a_secret_is_read_and_then_watched_from_there() -> None:
    api = FakeApiServer(lines=(event("MODIFIED", secret("two")),))

    told = await told_by(api)

    assert told == [key("one"), key("two")]
    assert api.watches[0]["resourceVersion"] == "7"
    assert api.watches[0]["fieldSelector"] == "metadata.name=key"
    assert api.watches[0]["timeoutSeconds"] == "300"


async def test_a_missing_secret_is_not_watched() -> None:
    api = FakeApiServer(status=404, lines=(event("ADDED", secret("one")),))

    told = await told_by(api)

    assert told == [MISSING]
    assert api.watches == []


async def test_beyond_the_bound_of_watches_a_secret_is_only_read() -> None:
    api = FakeApiServer(then=hangs)
    told: list[Reading] = []
    async with watching(api, most_watched=1) as watch:
        first = asyncio.create_task(watch.run(REF, told.append))
        async with asyncio.timeout(5):
            while not api.watches:  # noqa: ASYNC110 (the fake tells nobody)
                await asyncio.sleep(0.01)
            await watch.run(REF, told.append)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)

    assert told == [key("one"), key("one")]
    assert len(api.watches) == 1


async def test_a_deleted_secret_is_missing() -> None:
    told = await told_by(FakeApiServer(lines=(event("DELETED", secret("one")),)))

    assert told == [key("one"), MISSING]


async def test_a_bookmark_tells_nothing() -> None:
    bookmark = event("BOOKMARK", {"metadata": {"resourceVersion": "9"}})

    told = await told_by(FakeApiServer(lines=(bookmark,)))

    assert told == [key("one")]


async def test_a_version_that_is_too_old_ends_the_watch_like_any_other() -> None:
    expired = event("ERROR", {"kind": "Status", "code": 410, "message": "too old"})

    told = await told_by(FakeApiServer(lines=(expired, event("ADDED", secret("two")))))

    assert told == [key("one")]


async def test_a_secret_as_large_as_they_get_is_taken() -> None:
    large = secret("two") | {"binary": "x" * 1_500_000}

    told = await told_by(FakeApiServer(body=large, lines=(event("MODIFIED", large),)))

    assert told == [key("two"), key("two")]


@pytest.mark.parametrize(
    ("api", "verb"),
    [(FakeApiServer(status=403), "get"), (FakeApiServer(watch_status=403), "watch")],
    ids=["get", "watch"],
)
async def test_a_verb_that_is_refused_is_named(api: FakeApiServer, verb: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        await told_by(api)

    assert refused.value.verb == verb


@pytest.mark.parametrize(
    ("api", "failure"),
    [
        pytest.param(FakeApiServer(status=500), "HTTP 500", id="get fails"),
        pytest.param(FakeApiServer(status=401), "HTTP 401", id="token expired"),
        pytest.param(FakeApiServer(watch_status=429), "HTTP 429", id="watch is put off"),
        pytest.param(FakeApiServer(body="topvalue"), "no Secret in the answer", id="no JSON"),
        pytest.param(FakeApiServer(body=["topvalue"]), "no Secret in the answer", id="a list"),
        pytest.param(
            FakeApiServer(lines=(b'{"type": "ADDED", "object": {"topvalue"',)),
            "no event in the answer",
            id="half a line",
        ),
        pytest.param(
            FakeApiServer(lines=(event("ADDED", "topvalue"),)), "no event", id="no Secret in it"
        ),
        pytest.param(
            FakeApiServer(lines=(event("ERROR", {"code": 500, "message": "topvalue"}),)),
            "HTTP 500",
            id="error in the stream",
        ),
    ],
)
async def test_an_answer_without_the_secret_is_a_failure_that_quotes_nothing(
    api: FakeApiServer, failure: str
) -> None:
    with pytest.raises(WatchFailed, match=failure) as failed:
        await told_by(api)

    assert "topvalue" not in str(failed.value)
    assert failed.value.__context__ is None


async def test_a_connection_that_breaks_is_a_failure() -> None:
    with pytest.raises(aiohttp.ClientError):
        await told_by(FakeApiServer(then=breaks))


async def test_a_watch_that_is_silent_for_too_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Reading] = []

    def tell(reading: Reading) -> None:
        told.append(reading)
        if reading == key("two"):
            monkeypatch.setattr(secret_watch, "QUIET_S", 0.05)

    async with watching(FakeApiServer(lines=(CHANGED,), then=hangs)) as watch:
        await watch.run(REF, tell)

    assert told == [key("one"), key("two")]


async def test_a_cancelled_watch_gives_its_connection_back() -> None:
    async with watching(FakeApiServer(lines=(CHANGED,), then=hangs)) as watch:
        run, changed = run_that_tells(watch)
        task = asyncio.create_task(run)
        await changed.wait()

        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_watch_that_waits_holds_nothing_of_what_it_told() -> None:
    async with watching(FakeApiServer(lines=(CHANGED,), then=hangs)) as watch:
        run, changed = run_that_tells(watch)
        task = asyncio.create_task(run)
        await changed.wait()

        held = [str(frame) for frame in locals_of(run)]

        task.cancel()
        await asyncio.wait({task})
    encoded = base64.b64encode(b"topvalue-of-").decode().rstrip("=")[:-1]
    assert len(held) > 2
    assert not [frame for frame in held if encoded in frame or "topvalue" in frame]


def run_that_tells(watch: SecretWatch) -> tuple[Coroutine[Any, Any, None], asyncio.Event]:
    """Who waits for the event goes on when the watch has told CHANGED and waits for the next."""
    changed = asyncio.Event()
    run = watch.run(REF, lambda reading: changed.set() if reading == key("two") else None)
    return run, changed


def locals_of(waiting: Any) -> Iterator[dict[str, Any]]:
    """Of each frame from the outermost to where it waits."""
    while hasattr(waiting, "cr_frame"):
        yield dict(waiting.cr_frame.f_locals)
        waiting = waiting.cr_await
