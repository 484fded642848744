"""What goes to the API server by our own requests, and what becomes of its answers."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from kubernetes.aio.client import ApiException
from yarl import URL

from caster_scene_audio.adapters.cluster.api_server import ApiServer
from caster_scene_audio.adapters.cluster.errors import ClusterRefused
from caster_scene_audio.adapters.cluster.events import EventRecorder
from caster_scene_audio.adapters.cluster.presence import check_served
from caster_scene_audio.adapters.cluster.writer import KubernetesCluster
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.objects import ObjectRef
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import ClusterUnavailable, ObjectGone

REF = ObjectRef(namespace="studio", name="evening", uid="uid-1")
NOON = datetime(2026, 1, 2, 12, 0, 0, 5, tzinfo=UTC)
OBJECTS = "/apis/live.alibabacloud.com/v1alpha1/namespaces/studio/castersceneaudios"
EVENTS = "/apis/events.k8s.io/v1/namespaces/studio/events"
TIMEOUT_S = 5.0

Seen = tuple[str, str, str | None, object]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Recorder:
    """Answers as it is told, and keeps what it was asked."""

    def __init__(self, *answers: web.Response) -> None:
        self.asked: list[Seen] = []
        self._answers = [*answers]

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        kind = request.headers.get("Content-Type") if body else None
        self.asked.append((request.method, request.path_qs, kind, json.loads(body or b"null")))
        return self._answers.pop(0)


@asynccontextmanager
async def reached(recorder: Recorder) -> AsyncIterator[ApiServer]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", recorder.answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield ApiServer(session, f"{server.make_url('/')}".rstrip("/"))


def cluster_of(api: ApiServer, selector: str | None = None) -> KubernetesCluster:
    events = EventRecorder(api, instance="pod-1", now=lambda: NOON)
    return KubernetesCluster(api, events=events, selector=selector)


def stored(uid: str, version: int = 7) -> dict[str, object]:
    metadata = {"name": "evening", "namespace": "studio", "uid": uid}
    return {"metadata": {**metadata, "resourceVersion": f"{version}"}}


async def test_a_status_is_one_patch_that_a_namesake_refuses() -> None:
    recorder = Recorder(web.json_response(stored("uid-1")))

    async with reached(recorder) as api:
        recorded = await cluster_of(api).write_status(REF, Status())

    ((method, path, kind, patch),) = recorder.asked
    assert recorded.version == 7
    assert (method, kind) == ("PATCH", "application/json-patch+json")
    assert path == f"{OBJECTS}/evening/status?fieldManager=caster-scene-audio-operator"
    assert isinstance(patch, list)
    assert patch[0] == {"op": "test", "path": "/metadata/uid", "value": "uid-1"}


@pytest.mark.parametrize(
    ("items", "raised"),
    [([stored("uid-2")], ObjectGone), ([stored("uid-1")], ClusterUnavailable)],
)
async def test_a_refused_status_is_of_an_object_that_is_gone_or_not(
    items: list[dict[str, object]], raised: type[Exception]
) -> None:
    recorder = Recorder(web.Response(status=422), web.json_response({"items": items}))

    async with reached(recorder) as api:
        with pytest.raises(raised):
            await cluster_of(api).write_status(REF, Status())

    assert recorder.asked[1][1] == f"{OBJECTS}?fieldSelector=metadata.name%3Devening"


async def test_a_list_goes_on_from_page_to_page_within_the_selector() -> None:
    pages = [
        {"metadata": {"continue": "next+page/="}, "items": [stored("uid-1")]},
        {"metadata": {}, "items": [stored("uid-2")]},
    ]
    recorder = Recorder(*(web.json_response(page) for page in pages))

    async with reached(recorder) as api:
        found = await cluster_of(api, "show in (a,b)").living("studio")

    queries = [web_query(path) for _, path, _, _ in recorder.asked]
    assert found == {"uid-1", "uid-2"}
    assert [query["labelSelector"] for query in queries] == ["show in (a,b)"] * 2
    assert [query.get("continue") for query in queries] == [None, "next+page/="]


def web_query(path: str) -> dict[str, str]:
    return dict(URL(path).query)


async def test_an_event_says_what_about_which_object() -> None:
    recorder = Recorder(web.json_response({}))

    async with reached(recorder) as api:
        await cluster_of(api).announce(
            REF, ObjectEvent(reason="Applied", note="RV01 0.7 → 0.8", warning=False)
        )

    ((method, path, _, told),) = recorder.asked
    assert (method, path) == ("POST", EVENTS)
    assert isinstance(told, dict)
    assert told["eventTime"] == "2026-01-02T12:00:00.000005Z"
    assert told["note"] == "RV01 0.7 → 0.8"
    assert told["regarding"]["uid"] == "uid-1"


async def test_an_event_that_is_told_again_is_counted_up() -> None:
    recorder = Recorder(web.json_response({}), web.json_response({}))
    refused = ObjectEvent(reason="AccessDenied", note="no right", warning=True)

    async with reached(recorder) as api:
        cluster = cluster_of(api)
        await cluster.announce(REF, refused)
        await cluster.announce(REF, refused)

    method, path, kind, patch = recorder.asked[1]
    assert (method, kind) == ("PATCH", "application/merge-patch+json")
    assert path.startswith(f"{EVENTS}/evening.")
    assert isinstance(patch, dict)
    assert patch["series"]["count"] == 2


async def test_an_answer_that_is_no_json_is_a_refusal_that_quotes_nothing() -> None:
    recorder = Recorder(web.Response(text="<html>a proxy's page, token=hidden</html>"))

    async with reached(recorder) as api:
        with pytest.raises(ApiException) as raised:
            await api.get("/apis", timeout_s=TIMEOUT_S)

    assert "hidden" not in f"{raised.value}"


async def test_a_kind_that_is_not_installed_is_refused_with_what_to_do() -> None:
    recorder = Recorder(web.Response(status=404))

    async with reached(recorder) as api:
        with pytest.raises(ClusterRefused, match="kubectl apply -f crds/"):
            await check_served(api)
