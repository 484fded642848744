"""The service, with a span for every call of a change that is followed."""

from collections.abc import Awaitable
from typing import TypeVar

from opentelemetry.trace import Span, Status, StatusCode

from caster_scene_audio.adapters.tracing.traces import OpenTelemetryTraces
from caster_scene_audio.domain.audio import ObservedAudio, Scene, SceneRef
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.ports import Live

T = TypeVar("T")

REQUEST_ID, CODE, HTTP_STATUS = "aliyun.request_id", "error.type", "http.response.status_code"


class TracedLive:
    """Passes every call on, and its answer back, as they are."""

    def __init__(self, live: Live, traces: OpenTelemetryTraces) -> None:
        self._live = live
        self._traces = traces

    async def update_scene_audio(self, wanted: SceneAudioSpec, credentials: Credentials) -> str:
        with self._traces.call("UpdateCasterSceneAudio") as span:
            request_id = await _told(span, self._live.update_scene_audio(wanted, credentials))
            _answered(span, request_id)
            return request_id

    async def describe_scene_audio(
        self, scene: SceneRef, credentials: Credentials
    ) -> ObservedAudio:
        with self._traces.call("DescribeCasterSceneAudio") as span:
            audio = await _told(span, self._live.describe_scene_audio(scene, credentials))
            _answered(span, audio.request_id)
            return audio

    async def describe_scenes(self, scene: SceneRef, credentials: Credentials) -> tuple[Scene, ...]:
        with self._traces.call("DescribeCasterScenes") as span:
            return await _told(span, self._live.describe_scenes(scene, credentials))


async def _told(span: Span | None, call: Awaitable[T]) -> T:
    """A failure is told by its code: what the service says about it is in the log."""
    try:
        return await call
    except CallFailed as failed:
        if span is not None:
            failure = failed.failure
            span.set_attribute(CODE, failure.code)
            if failure.request_id is not None:
                span.set_attribute(REQUEST_ID, failure.request_id)
            if failure.http_status is not None:
                span.set_attribute(HTTP_STATUS, failure.http_status)
            span.set_status(Status(StatusCode.ERROR, failure.code))
        raise


def _answered(span: Span | None, request_id: str) -> None:
    if span is not None:
        span.set_attribute(REQUEST_ID, request_id)
