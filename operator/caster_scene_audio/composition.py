"""Puts the operator together from its parts, runs it, and takes it down in order."""

import asyncio
import contextlib
import logging
import random
import socket
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any

from kubernetes.aio.client import ApiClient

from caster_scene_audio.adapters.cluster.connection import load_connection
from caster_scene_audio.adapters.cluster.events import EventRecorder
from caster_scene_audio.adapters.cluster.presence import until_served
from caster_scene_audio.adapters.cluster.secret_watch import SecretWatch
from caster_scene_audio.adapters.cluster.secrets import KubernetesSecrets
from caster_scene_audio.adapters.cluster.writer import KubernetesCluster
from caster_scene_audio.adapters.live.client import LiveClient
from caster_scene_audio.adapters.live.identity import PUBLIC_ENDPOINT, CallerIdentity
from caster_scene_audio.adapters.metrics.instruments import Instruments
from caster_scene_audio.adapters.metrics.measured_live import MeasuredLive
from caster_scene_audio.adapters.metrics.standing import Standing, rendered
from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.adapters.web.server import serving
from caster_scene_audio.domain.access import AccessPolicy
from caster_scene_audio.domain.credentials import SecretRef
from caster_scene_audio.domain.plan import Rhythm
from caster_scene_audio.domain.retry import policies_with
from caster_scene_audio.health import Health, Stage, Vigil
from caster_scene_audio.ports import Cluster, Live, Measures, OwnCredentials, SecretCredentials
from caster_scene_audio.reconciler.attempt import Attempt
from caster_scene_audio.reconciler.controller import Controller, Pace
from caster_scene_audio.reconciler.keyring import Keyring
from caster_scene_audio.reconciler.reporter import Reporter
from caster_scene_audio.reconciler.roster import Roster
from caster_scene_audio.reconciler.sweep import Sweep
from caster_scene_audio.settings import DISTRIBUTION, Settings
from caster_scene_audio.watch import Watch

log = logging.getLogger(__name__)


async def serve(settings: Settings, environ: Mapping[str, str], *, stop: asyncio.Event) -> None:
    """Run until `stop` is set; then calls in flight end and are reported before it returns."""
    stopping = asyncio.create_task(stop.wait())
    monotonic = asyncio.get_running_loop().time
    health = Health(Vigil(silence_s=settings.watch_silence, clock=monotonic))
    instruments = Instruments(version=version(DISTRIBUTION), clock=monotonic)

    def secret_changed(ref: SecretRef) -> None:
        controller.secret_changed(ref)

    async with (
        serving(
            health,
            partial(rendered, instruments.registry),
            host=settings.http_host,
            port=settings.http_port,
        ),
        ApiClient(await load_connection()) as client,
        LiveClient(
            endpoint=settings.live_endpoint,
            timeout_s=settings.live_timeout,
            connect_timeout_s=settings.connect_timeout,
            max_connections=0,  # each lane bounds its own
        ) as live,
        DefaultChainCredentials(environ) as own,
        KubernetesSecrets(
            SecretWatch(client),
            on_change=secret_changed,
            jitter=_jitter,
        ) as secrets,
    ):
        await _first_of(stopping, until_served(client))
        if stop.is_set():
            return
        health.stage = Stage.SERVED
        cluster = _cluster(client, settings)
        controller = _controller(
            settings,
            cluster=cluster,
            live=MeasuredLive(live, instruments, clock=monotonic),
            own=own,
            secrets=secrets,
            measures=instruments,
        )
        instruments.registry.register(
            Standing(controller.census, lambda: health.vigil.silent_for_s)
        )
        sweep = Sweep(controller=controller, cluster=cluster)
        watch = Watch(controller, cluster, sweep, namespaces=settings.namespace, vigil=health.vigil)
        await _first_of(stopping, watch.list_all())
        health.stage = Stage.LISTED
        log.info("Serving", extra={"namespaces": ",".join(settings.namespace) or "all"})
        seeing = asyncio.create_task(watch.run())
        sweeping = asyncio.create_task(sweep.run())
        try:
            health.stage = Stage.CALLING
            await _first_of(stopping, controller.run())
            health.stage = Stage.STOPPING
            log.info("Stopping: calls in flight are awaited")
            await _drain(controller, settings.stop_timeout)
        finally:
            await _cancel(seeing, sweeping)
        log.info("Stopped")


def _cluster(client: ApiClient, settings: Settings) -> KubernetesCluster:
    events = EventRecorder(client, instance=socket.gethostname(), now=_now)
    return KubernetesCluster(client, namespaces=settings.namespace, events=events)


def _controller(  # noqa: PLR0913 (all that it is composed of)
    settings: Settings,
    *,
    cluster: Cluster,
    live: Live,
    own: OwnCredentials,
    secrets: SecretCredentials,
    measures: Measures,
) -> Controller:
    monotonic = asyncio.get_running_loop().time
    accounts = CallerIdentity(endpoint=_sts_endpoint(settings), clock=monotonic)
    keyring = Keyring(own=own, secrets=secrets, accounts=accounts)
    return Controller(
        attempt=Attempt(
            policies=policies_with(settings.backoff),
            rhythm=Rhythm(default_s=settings.interval, floor_s=settings.interval_floor),
            now=_now,
            jitter=_jitter,
            measures=measures,
        ),
        live=live,
        keyring=keyring,
        roster=Roster(secrets),
        reporter=Reporter(cluster=cluster, jitter=_jitter),
        access=AccessPolicy(settings.own_credentials),
        pace=Pace(
            update_qps=settings.update_qps,
            read_qps=settings.read_qps,
            max_in_flight=settings.max_in_flight,
        ),
        now=_now,
        monotonic=monotonic,
        measures=measures,
    )


def _sts_endpoint(settings: Settings) -> str | None:
    """A service that stands in for the real one has its own accounts, which STS doesn't know."""
    if settings.sts_endpoint or settings.live_endpoint:
        return settings.sts_endpoint
    return PUBLIC_ENDPOINT


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


_jitter = random.SystemRandom().uniform


def _now() -> datetime:
    return datetime.now(UTC)
