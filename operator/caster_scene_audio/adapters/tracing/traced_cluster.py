"""The API server, with a span for every status of a change that is followed."""

from caster_scene_audio.adapters.tracing.traces import OpenTelemetryTraces
from caster_scene_audio.domain.object_event import ObjectEvent
from caster_scene_audio.domain.objects import ObjectRef
from caster_scene_audio.domain.status import Status
from caster_scene_audio.ports import Cluster, Recorded


class TracedCluster:
    """Passes everything on as it is."""

    def __init__(self, cluster: Cluster, traces: OpenTelemetryTraces) -> None:
        self._cluster = cluster
        self._traces = traces

    async def write_status(self, ref: ObjectRef, status: Status) -> Recorded:
        with self._traces.status_of(ref.uid):
            return await self._cluster.write_status(ref, status)

    async def announce(self, ref: ObjectRef, event: ObjectEvent) -> None:
        await self._cluster.announce(ref, event)
