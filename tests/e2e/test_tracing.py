"""A change's trace, as a collector of OpenTelemetry takes it."""

from collections.abc import Iterator

import pytest

from tests.support.cluster.scene_audios import SceneAudios, reason_of, scene_of
from tests.support.running.collector import Collector, TakenSpan, collecting
from tests.support.running.emulator_thread import LiveService
from tests.support.running.operator_process import OperatorProcess
from tests.support.tools.patience import eventually

pytestmark = pytest.mark.control_plane

READ, UPDATE = "DescribeCasterSceneAudio", "UpdateCasterSceneAudio"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.fixture
def traced(operator: OperatorProcess, collector: Collector) -> OperatorProcess:
    operator.flags = (f"--otlp-endpoint={collector.url}", "--backoff=transient=0.5:0.5")
    operator.start()
    return operator


def trace_of(collector: Collector, name: str) -> tuple[TakenSpan, list[TakenSpan]]:
    """A trace ends with its change, and the first span is the last to end."""
    eventually(lambda: collector.root(**{"k8s.object.name": name}))
    root = collector.root(**{"k8s.object.name": name})
    assert root is not None
    return root, collector.below(root)


def named(spans: list[TakenSpan], name: str) -> list[TakenSpan]:
    return [span for span in spans if span.name == name]


def test_a_retried_change_shows_both_calls_and_the_wait_between_them(
    traced: OperatorProcess, objects: SceneAudios, live: LiveService, collector: Collector
) -> None:
    live.fail(scene_of("show"), code="InternalError", status=500, times=1)

    created = objects.create("show")
    objects.until_applied("show")

    root, spans = trace_of(collector, "show")
    first, second = named(spans, UPDATE)
    [wait] = named(spans, "wait")
    calls = live.calls(scene_of("show"))
    assert collector.paths == {"/v1/traces"}
    assert {span.trace_id for span in spans} == {root.trace_id}
    done = [span.name for span in spans if span.name != "status"]
    assert done == ["queue", READ, "queue", UPDATE, "wait", UPDATE]
    assert [span.attributes["aliyun.request_id"] for span in (first, second)] == [
        call["requestId"] for call in calls
    ]
    assert (first.has_failed, second.has_failed, root.has_failed) == (True, False, False)
    assert (first.attributes["error.type"], first.attributes["http.response.status_code"]) == (
        "InternalError",
        500,
    )
    assert first.ended_ns <= wait.begun_ns <= wait.ended_ns <= second.begun_ns
    assert wait.attributes == {"caster_scene_audio.reason": "ServiceUnavailable"}
    statuses = named(spans, "status")
    assert len(statuses) >= len(
        {reason_of(status) for status in objects.statuses(created)} - {None}
    )
    assert root.begun_ns <= min(span.begun_ns for span in spans)
    assert root.ended_ns >= max(span.ended_ns for span in spans)
    assert root.attributes["caster_scene_audio.reason"] == "Applied"
    assert root.attributes["k8s.object.uid"] == created["metadata"]["uid"]
    told = [line for line in traced.log_lines if line.get("traceId") == root.trace_id]
    assert {line["object"].rpartition("/")[2] for line in told} == {"show"}


def test_each_change_has_a_trace_of_its_own(
    traced: OperatorProcess, objects: SceneAudios, collector: Collector
) -> None:
    objects.create("show")
    objects.until_applied("show")
    first, _ = trace_of(collector, "show")

    objects.change("show", followMode="AudioFollowsVideo", layers=None)
    eventually(lambda: collector.root(**{"k8s.object.name": "show"}) != first)

    second, spans = trace_of(collector, "show")
    assert (first.attributes["k8s.object.generation"], second.trace_id != first.trace_id) == (
        1,
        True,
    )
    assert second.attributes["k8s.object.generation"] == 2
    assert [span.name for span in spans][:2] == ["queue", UPDATE]
    assert traced.is_running


def test_what_is_not_well_ends_a_trace_that_says_so(
    traced: OperatorProcess, objects: SceneAudios, live: LiveService, collector: Collector
) -> None:
    live.fail(scene_of("refused"), code="InvalidCasterId.Malformed", status=400)

    objects.create("refused")

    root, spans = trace_of(collector, "refused")
    [call] = named(spans, UPDATE)
    assert root.has_failed
    assert call.attributes["error.type"] == "InvalidCasterId.Malformed"
    assert traced.is_running


def test_a_collector_that_is_away_costs_its_traces_and_nothing_else(
    operator: OperatorProcess, objects: SceneAudios, collector: Collector
) -> None:
    operator.flags = ("--otlp-endpoint=http://127.0.0.1:1",)
    operator.start()

    objects.create("show")
    objects.until_applied("show")

    eventually(lambda: "Failed to export" in operator.log)
    assert operator.stop() == 0
    assert collector.spans == []
