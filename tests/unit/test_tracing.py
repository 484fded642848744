"""Traces of changes: what ends one, what stands in it, and that they cost nothing while off."""

import logging
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from caster_scene_audio.adapters.tracing import traces, tracing
from caster_scene_audio.adapters.tracing.traced_live import TracedLive
from caster_scene_audio.adapters.tracing.traces import OpenTelemetryTraces
from caster_scene_audio.cli import parse
from caster_scene_audio.domain.credentials import Credentials
from caster_scene_audio.domain.failure import CallFailed
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.status import ConditionType, Status
from tests.support.simulation.objects import IN_CHANNEL, NOON, scene_audio, spec

SHOW = scene_audio("show")
UID = SHOW.ref.uid
CREDENTIALS = Credentials(access_key_id="id", access_key_secret="a-secret-of-the-test")


class Traced:
    """Traces, and the spans of theirs that have ended."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.traces = OpenTelemetryTraces(provider.get_tracer("test"))

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self._exporter.get_finished_spans()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]


@pytest.fixture
def traced() -> Traced:
    return Traced()


def status(reason: Reason, *types: ConditionType) -> Status:
    return Status().concluding(*types, generation=1, reason=reason, message="", now=NOON)


APPLIED = status(Reason.APPLIED, ConditionType.READY)
BUSY = status(Reason.RESOURCE_IN_CHANNEL, ConditionType.RECONCILING)
INVALID = status(Reason.INVALID_SPEC, ConditionType.STALLED)


def write(traced: Traced, uid: str = UID) -> None:
    with traced.traces.status_of(uid):
        pass


def test_a_trace_ends_with_the_status_that_answers_the_change(traced: Traced) -> None:
    traced.traces.change_seen(SHOW)
    with traced.traces.turn(SHOW):
        pass
    write(traced)  # one that was still to be written
    traced.traces.concluded(UID, APPLIED)
    assert traced.named("change") == []

    write(traced)

    [root] = traced.named("change")
    assert [span.name for span in traced.spans] == ["queue", "status", "status", "change"]
    assert {span.parent.span_id for span in traced.spans if span.parent} == {root.context.span_id}
    assert root.status.status_code is StatusCode.UNSET
    write(traced)
    assert len(traced.spans) == 4


def test_a_change_that_is_tried_again_is_waited_for(traced: Traced) -> None:
    traced.traces.change_seen(SHOW)
    traced.traces.concluded(UID, BUSY)
    write(traced)
    assert traced.named("wait") == traced.named("change") == []

    with traced.traces.turn(SHOW):
        assert len(traced.named("wait")) == 1
    traced.traces.concluded(UID, INVALID)
    write(traced)

    [root] = traced.named("change")
    assert (root.status.status_code, root.status.description) == (StatusCode.ERROR, "InvalidSpec")


def test_a_status_that_is_not_taken_is_told_and_the_trace_waits_for_the_next(
    traced: Traced,
) -> None:
    traced.traces.change_seen(SHOW)
    traced.traces.concluded(UID, APPLIED)

    with pytest.raises(OSError, match="gone"), traced.traces.status_of(UID):
        raise OSError("gone, and perhaps a secret")

    [span] = traced.named("status")
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "OSError")
    assert span.events == ()
    assert traced.named("change") == []


@pytest.mark.parametrize("ends", ["forget", "change_dropped"])
def test_a_change_without_a_call_ends_its_trace(traced: Traced, ends: str) -> None:
    traced.traces.change_seen(SHOW)
    traced.traces.change_seen(SHOW)

    getattr(traced.traces, ends)(UID)

    assert [span.name for span in traced.spans] == ["queue", "change"]
    getattr(traced.traces, ends)(UID)
    assert len(traced.spans) == 2


def test_what_is_concluded_waits_for_its_status_unless_the_object_goes(traced: Traced) -> None:
    traced.traces.change_seen(SHOW)
    traced.traces.concluded(UID, APPLIED)

    traced.traces.change_dropped(UID)
    assert traced.named("change") == []
    traced.traces.forget(UID)

    assert len(traced.named("change")) == 1


def test_a_further_change_begins_another_trace(traced: Traced) -> None:
    traced.traces.change_seen(SHOW)
    traced.traces.concluded(UID, APPLIED)

    traced.traces.change_seen(scene_audio("show", generation=2))
    traced.traces.close()

    first, second = (span.attributes or {} for span in traced.named("change"))
    assert (first["k8s.object.generation"], second["k8s.object.generation"]) == (1, 2)


def test_so_many_are_followed_and_the_oldest_gives_way(
    traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "MOST", 2)

    for name in ("first", "second", "third"):
        traced.traces.change_seen(scene_audio(name))

    [ended] = traced.named("change")
    assert (ended.attributes or {})["k8s.object.name"] == "first"


class Failing:
    async def update_scene_audio(self, *_: Any) -> str:
        raise CallFailed(IN_CHANNEL)

    async def describe_scene_audio(self, *_: Any) -> Any:
        raise AssertionError

    async def describe_scenes(self, *_: Any) -> Any:
        raise AssertionError


async def test_a_failed_call_is_told_by_its_code_and_request_and_nothing_else(
    traced: Traced,
) -> None:
    live = TracedLive(Failing(), traced.traces)
    traced.traces.change_seen(SHOW)

    with pytest.raises(CallFailed):
        await live.update_scene_audio(spec(), CREDENTIALS)  # of no turn: not traced
    with traced.traces.turn(SHOW), pytest.raises(CallFailed):
        await live.update_scene_audio(spec(), CREDENTIALS)

    [call] = traced.named("UpdateCasterSceneAudio")
    assert call.attributes == {
        "error.type": IN_CHANNEL.code,
        "aliyun.request_id": IN_CHANNEL.request_id,
        "http.response.status_code": 412,
    }
    assert call.status.status_code is StatusCode.ERROR
    assert (call.status.description, call.events) == ("CallFailed", ())


def test_a_line_of_the_log_names_the_trace_of_its_turn(traced: Traced) -> None:
    record = logging.makeLogRecord({"msg": "Scene audio applied"})
    other = logging.makeLogRecord({"msg": "Serving"})
    traced.traces.change_seen(SHOW)

    with traced.traces.turn(SHOW):
        assert traces.with_trace(record)
    assert traces.with_trace(other)

    traced.traces.close()
    [root] = traced.named("change")
    assert vars(record)["traceId"] == f"{root.context.trace_id:032x}"
    assert "traceId" not in vars(other)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://collector:4318", "http://collector:4318/v1/traces"),
        ("https://collector/", "https://collector/v1/traces"),
        ("http://collector:4318/of/its/own", "http://collector:4318/of/its/own"),
        (None, None),
    ],
)
def test_an_endpoint_without_a_path_gets_that_of_the_protocol(
    given: str | None, used: str | None
) -> None:
    assert tracing.parse_otlp_endpoint(given) == used


@pytest.mark.parametrize(
    "endpoint", ["collector:4318", "ftp://collector", "http://", "http://a:b@c", "http://[::1"]
)
def test_an_endpoint_that_is_none_is_refused_at_the_start(
    endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["run", "--otlp-endpoint", endpoint], {})

    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "--otlp-endpoint" in told
    assert "http://collector:4318" in told


def test_without_the_extra_an_endpoint_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def found(name: str) -> Any:
        return None if name.startswith("opentelemetry") else find_spec(name)

    monkeypatch.setattr(tracing, "find_spec", found)

    with pytest.raises(SystemExit):
        parse(["run", "--otlp-endpoint", "http://collector:4318"], {})

    assert "pip install 'caster-scene-audio-operator[tracing]'" in capsys.readouterr().err
    assert parse(["run"], {}).otlp_endpoint is None


def test_without_an_endpoint_nothing_of_opentelemetry_is_loaded() -> None:
    look = (
        "import sys, caster_scene_audio.operation, caster_scene_audio.cli;"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )

    told = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", look], capture_output=True, text=True, check=True
    )

    assert told.stdout == "[]\n"
