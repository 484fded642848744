"""kopf as the informer, over an API server that answers what a test says: what ends it, and what not.

Here a watch lasts 2 s and may be silent for 3 s. Times are real, as kopf's are.
"""

import asyncio
import json
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from caster_scene_audio.adapters.cluster.connection import Connection, load_connection
from caster_scene_audio.ports import LIST_PAGE
from caster_scene_audio.watch import informer, witness
from caster_scene_audio.watch.informer import inform
from caster_scene_audio.watch.witness import Ending, Patience
from tests.support.cluster.fake_api import (
    OURS,
    Behaviour,
    FakeApi,
    body,
    breaks,
    event,
    lasts,
    lasts_its_time,
    never_answers,
    refuses,
    serving,
    shows_a_page,
)


async def connection_to(url: str) -> Connection:
    """By a kubeconfig that names the server and no more."""
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "fake", "cluster": {"server": url}}],
        "users": [{"name": "nobody", "user": {}}],
        "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "nobody"}}],
        "current-context": "fake",
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(kubeconfig, file)
        file.flush()
        return await load_connection({"KUBECONFIG": file.name})


ETCD_TAKES_MB = 1.5
"""The largest object that can be stored."""

PATIENCE = Patience(watch_s=2, silence_s=3)


@dataclass
class Told:
    """All that an informer tells, in order."""

    bodies: list[tuple[str | None, str]] = field(default_factory=list)
    metadata: list[dict[str, Any]] = field(default_factory=list)
    watches: list[bool] = field(default_factory=list)
    """For each watch whether it began with a list."""
    signs: int = 0

    def heard(self) -> None:
        self.signs += 1

    def watching(self, *, is_listed: bool) -> None:
        self.watches.append(is_listed)

    def seen(self, event_type: str | None, body: dict[str, Any]) -> None:
        self.bodies.append((event_type, body["metadata"]["name"]))
        self.metadata.append(body["metadata"])


@asynccontextmanager
async def informing(api: FakeApi, told: Told) -> AsyncIterator[asyncio.Task[Ending]]:
    async with serving(api) as url:
        task = asyncio.create_task(
            inform(told, await connection_to(url), namespace="studio", patience=PATIENCE)
        )
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait({task})


async def ended(api: FakeApi, told: Told | None = None, *, within_s: float = 10) -> Ending:
    async with informing(api, told or Told()) as task, asyncio.timeout(within_s):
        return await task


async def until(look: Callable[[], bool], *, within_s: float = 15) -> None:
    async with asyncio.timeout(within_s):
        while not look():  # noqa: ASYNC110 (it is told in passing)
            await asyncio.sleep(0.02)


async def test_it_lists_what_is_there_and_tells_what_changes() -> None:
    told = Told()
    changes = (event("MODIFIED", body("one", 11)), event("DELETED", body("one", 12)))
    api = FakeApi(items=[body("one")], watches=deque([lasts(*changes)]))

    async with informing(api, told):
        await until(lambda: len(told.bodies) == 3)

    assert told.bodies == [(None, "one"), ("MODIFIED", "one"), ("DELETED", "one")]
    assert told.watches == [True]
    assert told.signs > 3


async def test_pages_of_a_list_are_small_and_what_others_wrote_on_an_object_is_not_kept() -> None:
    told = Told()
    large = body("one")
    large["metadata"] |= {"annotations": {"note": "x" * 250_000}, "managedFields": [{}]}
    api = FakeApi(items=[large], watches=deque([lasts(event("MODIFIED", large))]))

    async with informing(api, told):
        await until(lambda: len(told.bodies) == 2)

    assert {query["limit"] for query in api.asked_for("list")} == {f"{LIST_PAGE}"}
    assert LIST_PAGE * ETCD_TAKES_MB < 64
    assert all(len(f"{each}") < 1000 for each in told.metadata)


async def test_a_watch_that_ends_in_its_time_goes_on_from_where_it_was_without_a_list() -> None:
    told = Told()
    bookmark = event("BOOKMARK", {"metadata": {"resourceVersion": "17"}})
    api = FakeApi(watches=deque([lasts_its_time(bookmark), lasts_its_time()]), version=17)

    async with informing(api, told) as task:
        await until(lambda: len(told.watches) == 2)
        assert not task.done()

    assert told.watches == [True, False]
    assert len(api.asked_for("list")) == 1
    assert api.asked_for("watch")[1]["resourceVersion"] == "17"


@pytest.mark.parametrize(
    ("watch", "trouble"),
    [
        (lasts(event("BOOKMARK", {"metadata": {"resourceVersion": "17"}})), "no answer in time"),
        (lasts(for_s=0), "the watch ended before its time"),
        (breaks, "ClientPayloadError"),
        (lasts(event("ERROR", {"kind": "Status", "code": 500})), "WatchingError"),
        (lasts(b"<html>Who are you?</html>\n"), "JSONDecodeError"),
        (lasts(b'{"type": "ADDED"}\n'), "KeyError"),
    ],
    ids=["silent", "early", "cut", "error", "garbage", "half an event"],
)
async def test_a_watch_that_ends_in_any_other_way_ends_the_informer(
    watch: Behaviour, trouble: str
) -> None:
    api = FakeApi(watches=deque([watch]))

    ending = await ended(api)

    assert ending.trouble == trouble
    assert len(api.asked_for("watch")) == 1


async def test_a_version_that_is_too_old_brings_a_new_list_by_the_same_informer() -> None:
    told = Told()
    expired = event("ERROR", {"kind": "Status", "code": 410, "message": "too old"})
    api = FakeApi(watches=deque([lasts(expired), lasts()]))

    async with informing(api, told) as task:
        await until(lambda: len(told.watches) == 2)
        assert not task.done()

    assert told.watches == [True, True]


@pytest.mark.parametrize("what", ["list", "watch", "/apis", OURS])
@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_what_is_refused_ends_it_at_once_and_is_not_tried_by_itself(
    what: str, status: int
) -> None:
    api = FakeApi(instead={what: refuses(status)})

    ending = await ended(api, within_s=2)

    assert ending.status == status
    assert str(ending.trouble).startswith(f"HTTP {status} ")
    assert len(api.asked_for(what)) == 1


@pytest.mark.parametrize("what", ["list", "watch", "/apis"])
async def test_a_request_that_is_never_answered_is_silence(what: str) -> None:
    told = Told()

    ending = await ended(FakeApi(instead={what: never_answers}), told)

    assert ending.is_silence
    assert ending.trouble == "no answer in time"


@pytest.mark.parametrize("what", ["list", "watch", "/apis"])
async def test_a_page_in_place_of_an_answer_ends_it(what: str) -> None:
    ending = await ended(FakeApi(instead={what: shows_a_page}))

    assert ending.trouble in {
        "JSONDecodeError",
        "ContentTypeError",
        "the watch ended before its time",
    }


async def test_a_server_that_is_behind_what_was_told_before_is_not_believed() -> None:
    told = Told()
    ahead = event("MODIFIED", body("one", 17))
    api = FakeApi(watches=deque([lasts_its_time(ahead), lasts()]), version=10)

    ending = await ended(api, told)

    assert ending.trouble == "the API server is behind what it told before"
    assert told.watches == [True]


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [(refuses(504), "HTTP 504 Gateway Timeout"), (never_answers, "no answer in time")],
)
async def test_a_server_that_watches_but_no_longer_reads_is_left(answer: Any, trouble: str) -> None:
    """As one that lost its etcd: it goes on with what it has in memory, and nothing changes there."""
    api = FakeApi(watches=deque([lasts_its_time()]), instead={"check": answer})

    ending = await ended(api)

    assert ending.trouble == trouble


async def test_a_check_that_is_answered_with_a_page_ends_it() -> None:
    api = FakeApi(watches=deque([lasts_its_time()]), instead={"check": shows_a_page})

    ending = await ended(api)

    assert ending.trouble == "JSONDecodeError"


async def test_a_kind_that_the_discovery_does_not_tell_of_is_not_waited_for_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(informer, "START_S", 0.5)

    async def tells_of_nothing(_: web.Request) -> web.Response:
        return web.json_response({"groups": []})

    ending = await ended(FakeApi(instead={"/apis": tells_of_nothing}))

    assert ending.trouble == "discovery doesn't tell of castersceneaudios.live.alibabacloud.com"


async def test_after_a_while_all_is_listed_anew_and_that_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(witness, "LIST_ANEW_S", 1.0)

    ending = await ended(FakeApi(watches=deque([lasts_its_time()])))

    assert ending == Ending(None)


async def test_one_informer_ends_and_another_in_the_same_loop_goes_on() -> None:
    steady, told = FakeApi(watches=deque([lasts_its_time()])), Told()

    async with informing(steady, told) as going_on:
        await until(lambda: len(told.watches) == 1)
        for refused in ("list", "watch", "/apis"):
            await ended(FakeApi(instead={refused: refuses(403)}))
        await until(lambda: len(told.watches) == 3)
        assert not going_on.done()

    assert len(steady.asked_for("list")) == 1


async def test_it_leaves_nothing_behind_however_it_ends() -> None:
    before = asyncio.all_tasks()

    await ended(FakeApi(instead={"watch": refuses(403)}))
    await ended(FakeApi(watches=deque([lasts(b"{}\n")])))
    for pause_s in (0, 0, 0.001, 0.002, 0.005, 0.01, 0.05, 0.5):
        async with informing(FakeApi(items=[body("one")]), Told()):
            await asyncio.sleep(pause_s)
    await asyncio.sleep(0.2)

    assert asyncio.all_tasks() == before


async def test_where_nothing_listens_that_is_told() -> None:
    connection = await connection_to("http://127.0.0.1:1")

    ending = await inform(Told(), connection, namespace="studio", patience=PATIENCE)

    assert ending.trouble == "ClientConnectorError"


async def test_with_a_selector_every_request_for_objects_names_it() -> None:
    api = FakeApi(items=[body("one")], watches=deque([lasts(b"{}\n")]))
    async with serving(api) as url:
        connection = await connection_to(url)
        asking = inform(
            Told(), connection, namespace="studio", selector="part in (a,b)", patience=PATIENCE
        )
        task = asyncio.create_task(asking)
        await until(lambda: bool(api.asked_for("watch")))
        task.cancel()
        await asyncio.wait({task})

    queries = [*api.asked_for("list"), *api.asked_for("watch")]
    assert {query["labelSelector"] for query in queries} == {"part in (a,b)"}
