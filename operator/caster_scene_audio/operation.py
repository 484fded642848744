"""The operator at work, put together from its parts, run, and taken down in order."""

import asyncio
import logging
import random
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from kubernetes.aio.client import ApiClient

from caster_scene_audio.adapters.cluster.api_server import ApiServer
from caster_scene_audio.adapters.cluster.client import api_server_of
from caster_scene_audio.adapters.cluster.events import EventRecorder
from caster_scene_audio.adapters.cluster.presence import check_served, until_served
from caster_scene_audio.adapters.cluster.secret_watch import SecretWatch
from caster_scene_audio.adapters.cluster.secrets import KubernetesSecrets
from caster_scene_audio.adapters.cluster.writer import KubernetesCluster
from caster_scene_audio.adapters.live.client import LiveClient
from caster_scene_audio.adapters.live.endpoint import ALL_REGIONS, parse_endpoint
from caster_scene_audio.adapters.live.identity import PUBLIC_ENDPOINT, CallerIdentity
from caster_scene_audio.adapters.live.regions import Network
from caster_scene_audio.adapters.metrics.collector import StateCollector
from caster_scene_audio.adapters.metrics.instruments import Instruments
from caster_scene_audio.adapters.metrics.measured_live import MeasuredLive
from caster_scene_audio.adapters.own_credentials.credentials import DefaultChainCredentials
from caster_scene_audio.adapters.tracing.tracing import Tracing
from caster_scene_audio.domain.access import AccessPolicy
from caster_scene_audio.domain.plan import Rhythm
from caster_scene_audio.domain.retry import policies_with
from caster_scene_audio.health import Health, Stage
from caster_scene_audio.leadership.fence import FencedCluster, FencedLive
from caster_scene_audio.ports import (
    ChangeLog,
    Cluster,
    Leadership,
    Live,
    OwnCredentials,
    SecretCredentials,
)
from caster_scene_audio.reconciler.controller import Controller, Pace
from caster_scene_audio.reconciler.keyring import Keyring
from caster_scene_audio.reconciler.reconciler import Clocks, Reconciler
from caster_scene_audio.reconciler.reporter import Reporter
from caster_scene_audio.settings import Settings
from caster_scene_audio.tasks import all_go_on, cancelled, first_of
from caster_scene_audio.watch.watch import Watch

log = logging.getLogger(__name__)


class Operation:
    """The operator at work: from the first look at the cluster to the last call's report."""

    def __init__(  # noqa: PLR0913, PLR0917 (all that it is composed of)
        self,
        settings: Settings,
        environ: Mapping[str, str],
        client: ApiClient,
        health: Health,
        instruments: Instruments,
        leadership: Leadership,
        changes: ChangeLog | None,
        tracing: Tracing,
    ) -> None:
        self._settings = settings
        self._environ = environ
        self._client = client
        self._api = api_server_of(client)
        self._health = health
        self._instruments = instruments
        self._leadership = leadership
        self._changes = changes
        self._tracing = tracing

    async def run(self, stopping: asyncio.Task[Any]) -> bool:
        """Serve until `stopping` is done; whether all calls had ended by then."""
        settings = self._settings

        async with (
            LiveClient(
                endpoint=settings.live_endpoint,
                network=Network(settings.live_network),
                proxy=settings.live_proxy,
                timeout_s=settings.live_timeout,
                connect_timeout_s=settings.connect_timeout,
                max_connections=0,  # each lane bounds its own
            ) as live,
            DefaultChainCredentials(self._environ) as own,
            KubernetesSecrets(SecretWatch(self._client), jitter=_jitter) as secrets,
        ):
            await first_of(stopping, until_served(self._api))
            if stopping.done():
                return True
            self._health.stage = Stage.SERVED
            cluster = _cluster(self._api, settings.selector)
            controller = self._controller(cluster, live, own, secrets)
            return await self._watch(controller, cluster, stopping)

    async def _watch(
        self, controller: Controller, cluster: KubernetesCluster, stopping: asyncio.Task[Any]
    ) -> bool:
        health, namespaces = self._health, self._settings.namespace
        self._instruments.registry.register(StateCollector(controller.snapshot, health.watches))
        watch = Watch(
            controller,
            cluster,
            check_served=partial(check_served, self._api),
            namespaces=namespaces,
            selector=self._settings.selector,
            watches=health.watches,
            jitter=_jitter,
        )
        await first_of(stopping, watch.list_all())
        health.stage = Stage.LISTED
        log.info("Serving", extra={"namespaces": ",".join(namespaces) or "all"})
        seeing = asyncio.create_task(watch.run(), name="watch")
        try:
            return await self._call(controller, seeing, stopping)
        finally:
            await cancelled(seeing)

    async def _call(
        self, controller: Controller, seeing: asyncio.Task[None], stopping: asyncio.Task[Any]
    ) -> bool:
        self._health.stage = Stage.CALLING
        self._instruments.leader.set(1)
        calling = asyncio.create_task(controller.run(), name="calls")
        try:
            await first_of(stopping, all_go_on(calling, seeing))
        finally:
            await cancelled(calling)
        self._health.stage = Stage.STOPPING
        log.info("Stopping: calls in flight are awaited")
        drained = await _drained(controller, self._settings.stop_timeout)
        self._instruments.leader.set(0)
        return drained

    def _controller(
        self,
        cluster: Cluster,
        live: Live,
        own: OwnCredentials,
        secrets: SecretCredentials,
    ) -> Controller:
        settings, measures, leadership = self._settings, self._instruments, self._leadership
        clocks = Clocks(now=_now, monotonic=asyncio.get_running_loop().time)
        accounts = CallerIdentity(
            endpoint=_sts_endpoint(settings), proxy=settings.live_proxy, clock=clocks.monotonic
        )
        measured = MeasuredLive(live, measures, clock=clocks.monotonic)
        tracing = self._tracing
        return Controller(
            reconciler=Reconciler(
                policies=policies_with(settings.backoff),
                rhythm=Rhythm(default_s=settings.interval, floor_s=settings.interval_floor),
                on_air=settings.on_air,
                clocks=clocks,
                jitter=_jitter,
                measures=measures,
                changes=self._changes,
            ),
            live=FencedLive(tracing.live(measured), leadership),
            keyring=Keyring(own=own, secrets=secrets, accounts=accounts),
            secrets=secrets,
            reporter=Reporter(
                cluster=FencedCluster(tracing.cluster(cluster), leadership),
                jitter=_jitter,
                clock=clocks.monotonic,
            ),
            access=AccessPolicy(settings.own_credentials),
            pace=Pace(
                update_qps=settings.update_qps,
                read_qps=settings.read_qps,
                max_in_flight=settings.max_in_flight,
                used_until=clocks.monotonic(),
            ),
            clocks=clocks,
            measures=measures,
            traces=tracing.traces,
        )


def _cluster(api: ApiServer, selector: str | None) -> KubernetesCluster:
    events = EventRecorder(api, instance=socket.gethostname(), now=_now)
    return KubernetesCluster(api, events=events, selector=selector)


def _sts_endpoint(settings: Settings) -> str | None:
    """A service that stands in for the real one has its own accounts, which STS doesn't know."""
    is_stood_in_for = ALL_REGIONS in parse_endpoint(settings.live_endpoint).given
    if settings.sts_endpoint or is_stood_in_for:
        return settings.sts_endpoint
    return PUBLIC_ENDPOINT


async def _drained(controller: Controller, timeout_s: float) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            await controller.drain()
    except TimeoutError:
        log.warning(
            "Calls were still under way at the end; they are made again after the next start",
            extra={"seconds": timeout_s},
        )
        return False
    return True


_jitter = random.SystemRandom().uniform


def _now() -> datetime:
    return datetime.now(UTC)
