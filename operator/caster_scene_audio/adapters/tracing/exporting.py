"""Sends spans to a collector by OTLP over HTTP, beside the work: nothing waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from logging import getLogger

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from caster_scene_audio.adapters.tracing.traces import OpenTelemetryTraces, with_trace

TIMEOUT_S = 5
"""For a request, with its retries. What a collector doesn't take by then is lost."""

EVERY_MS = 1000
LAST_MS = 3000
"""At a stop so long is taken for what is still to be sent."""

ENDS_WITHIN_S = 2 * TIMEOUT_S


@asynccontextmanager
async def exporting(
    endpoint: str, *, name: str, version: str
) -> AsyncIterator[OpenTelemetryTraces]:
    """`endpoint`: with its path. Headers are taken from OTEL_EXPORTER_OTLP_HEADERS."""
    provider = TracerProvider(
        resource=Resource.create({"service.name": name, "service.version": version}),
        shutdown_on_exit=False,
    )
    exporter = OTLPSpanExporter(endpoint=endpoint, timeout=TIMEOUT_S)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=EVERY_MS))
    traces = OpenTelemetryTraces(provider.get_tracer(name, version))
    handlers = getLogger().handlers
    for handler in handlers:
        handler.addFilter(with_trace)
    try:
        yield traces
    finally:
        for handler in handlers:
            handler.removeFilter(with_trace)
        traces.close()
        try:
            async with asyncio.timeout(ENDS_WITHIN_S):
                await asyncio.to_thread(provider.force_flush, LAST_MS)
                await asyncio.to_thread(provider.shutdown)
        except TimeoutError:
            getLogger(__name__).warning("The last spans could not be sent in time")
