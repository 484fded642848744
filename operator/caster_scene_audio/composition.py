"""Puts the operator together: its probes, its way to the API server, its part among replicas."""

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from typing import NoReturn
from uuid import uuid4

from caster_scene_audio.adapters.change_log import change_log
from caster_scene_audio.adapters.cluster.client import open_client
from caster_scene_audio.adapters.cluster.connection import load_connection, own_namespace
from caster_scene_audio.adapters.metrics.collector import rendered
from caster_scene_audio.adapters.metrics.instruments import Instruments
from caster_scene_audio.adapters.tracing.tracing import tracing
from caster_scene_audio.adapters.web.server import serving
from caster_scene_audio.health import Health, Liveness, Watches
from caster_scene_audio.leadership.clock import boot_clock
from caster_scene_audio.leadership.election import as_leader
from caster_scene_audio.leadership.fence import Alone
from caster_scene_audio.leadership.lease import LeaseLeadership
from caster_scene_audio.leadership.lease_lock import BoundedLeaseLock
from caster_scene_audio.leadership.terms import LeaseTerms
from caster_scene_audio.operation import Operation
from caster_scene_audio.ports import Leadership
from caster_scene_audio.settings import DISTRIBUTION, Settings

log = logging.getLogger(__name__)


async def serve(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    stop: asyncio.Event,
    abort: Callable[[], NoReturn],
) -> None:
    """Run until `stop` is set; then calls in flight end and are reported before it returns.

    `abort` ends the process at once, for a leader that may lead no longer.
    """
    stopping = asyncio.create_task(stop.wait())
    clock = asyncio.get_running_loop().time
    health = Health(
        Liveness(silence_s=settings.watch_silence, clock=clock),
        Watches(settings.namespace, silence_s=settings.watch_silence, clock=clock),
    )
    instruments = Instruments(version=version(DISTRIBUTION), clock=clock)
    metrics = partial(rendered, instruments.registry)
    async with (
        change_log(settings.change_log) as changes,
        tracing(settings.otlp_endpoint, name=DISTRIBUTION, version=version(DISTRIBUTION)) as traced,
        serving(health, metrics, host=settings.http_host, port=settings.http_port),
        open_client(await load_connection(environ)) as client,
    ):

        async def operate(leadership: Leadership) -> bool:
            operation = Operation(
                settings, environ, client, health, instruments, leadership, changes, traced
            )
            return await operation.run(stopping)

        if settings.leader_elect:
            awake_or_not = boot_clock()
            lock = BoundedLeaseLock(
                client,
                _terms(settings, environ),
                liveness=health.liveness,
                clock=awake_or_not,
            )
            instruments.lease_trouble.set_function(lambda: lock.has_trouble)
            lease = LeaseLeadership(lock, clock=awake_or_not)
            await as_leader(lease, operate, stopping=stopping, health=health, abort=abort)
        else:
            await operate(Alone())
        log.info("Stopped")


def _terms(settings: Settings, environ: Mapping[str, str]) -> LeaseTerms:
    """Named by the pod, and by this start of it: a container that comes back is another one."""
    return LeaseTerms(
        name=settings.lease_name,
        namespace=settings.lease_namespace or own_namespace(environ),
        identity=f"{socket.gethostname()}_{uuid4()}",
        duration_s=round(settings.lease_duration),
    )
