"""Puts the operator together from its parts, runs it, and takes it down in order."""

import asyncio
import contextlib
import logging
import random
import socket
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import kopf
from kubernetes.aio.client import ApiClient

from caster_scene_audio.adapters.cluster.connection import (
    Handler,
    load_connection,
    open_session,
)
from caster_scene_audio.adapters.cluster.events import EventRecorder
from caster_scene_audio.adapters.cluster.presence import until_served
from caster_scene_audio.adapters.cluster.writer import KubernetesCluster
from caster_scene_audio.adapters.credentials import EnvironmentCredentials
from caster_scene_audio.adapters.live.client import LiveClient
from caster_scene_audio.domain.body import scene_audio_from
from caster_scene_audio.handlers import Informer, build_registry
from caster_scene_audio.ports import Cluster, Live
from caster_scene_audio.reconciler.attempt import Attempt
from caster_scene_audio.reconciler.controller import Controller
from caster_scene_audio.reconciler.reporter import Reporter
from caster_scene_audio.reconciler.sweep import Sweep
from caster_scene_audio.reconciler.token_bucket import TokenBucket
from caster_scene_audio.settings import Settings

log = logging.getLogger(__name__)


async def serve(settings: Settings, environ: Mapping[str, str], *, stop: asyncio.Event) -> None:
    """Run until `stop` is set; then calls in flight end and are reported before it returns."""
    stopping = asyncio.create_task(stop.wait())
    async with (
        ApiClient(await load_connection()) as client,
        LiveClient(endpoint=settings.live_endpoint, timeout_s=settings.live_timeout) as live,
    ):
        await _first_of(stopping, until_served(client))
        if stop.is_set():
            return
        cluster = _cluster(client, settings)
        controller = _controller(settings, environ, cluster=cluster, live=live)
        sweep = Sweep(controller=controller, cluster=cluster)
        log.info("Serving", extra={"namespaces": ",".join(settings.namespace) or "all"})
        seeing = asyncio.create_task(_informer(settings, controller, sweep).run())
        sweeping = asyncio.create_task(sweep.run())
        try:
            await _first_of(stopping, controller.run())
            log.info("Stopping: calls in flight are awaited")
            await _drain(controller, settings.stop_timeout)
        finally:
            await _cancel(seeing, sweeping)
        log.info("Stopped")


def _cluster(client: ApiClient, settings: Settings) -> KubernetesCluster:
    events = EventRecorder(client, instance=socket.gethostname(), now=_now)
    return KubernetesCluster(client, namespaces=settings.namespace, events=events)


def _controller(
    settings: Settings, environ: Mapping[str, str], *, cluster: Cluster, live: Live
) -> Controller:
    monotonic = asyncio.get_running_loop().time
    jitter = random.SystemRandom().uniform
    bucket = TokenBucket(quota_per_s=settings.update_qps, clock=monotonic)
    return Controller(
        attempt=Attempt(
            live=live,
            credentials=EnvironmentCredentials(environ),
            bucket=bucket,
            now=_now,
            jitter=jitter,
        ),
        reporter=Reporter(cluster=cluster, jitter=jitter),
        bucket=bucket,
        max_in_flight=settings.max_in_flight,
        now=_now,
        monotonic=monotonic,
    )


def _informer(settings: Settings, controller: Controller, sweep: Sweep) -> Informer:
    """The watch, in its own thread; what it tells is handed over to this loop."""
    loop = asyncio.get_running_loop()

    def deliver(event_type: str | None, body: dict[str, Any]) -> None:
        metadata = body["metadata"]
        if event_type == "DELETED" or "deletionTimestamp" in metadata:
            controller.forget(metadata["uid"])
        else:
            controller.see(scene_audio_from(body))

    async def notice_lists(
        request: aiohttp.ClientRequest, handler: Handler
    ) -> aiohttp.ClientResponse:
        response = await handler(request)
        if "watch" not in request.url.query:
            loop.call_soon_threadsafe(sweep.request)
        return response

    async def login() -> kopf.AiohttpSession:
        connection = await load_connection()
        return kopf.AiohttpSession(
            server=connection.host, aiohttp_session=open_session(connection, notice_lists)
        )

    def hand_over(event_type: str | None, body: dict[str, Any]) -> None:
        loop.call_soon_threadsafe(deliver, event_type, body)

    registry = build_registry(sink=hand_over, login=login)
    return Informer(registry, namespaces=settings.namespace)


async def _first_of(stopping: asyncio.Task[Any], work: Coroutine[Any, Any, None]) -> None:
    """Until the one is done or the other; what is left of the work is cancelled."""
    task = asyncio.create_task(work)
    await asyncio.wait({stopping, task}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
    await _cancel(task)


async def _drain(controller: Controller, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await controller.drain()
    except TimeoutError:
        log.warning(
            "Calls were still under way at the end; they are made again after the next start",
            extra={"seconds": timeout_s},
        )


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _now() -> datetime:
    return datetime.now(UTC)
