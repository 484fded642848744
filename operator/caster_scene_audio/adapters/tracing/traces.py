"""One trace for each change: from the event that shows it to the status that answers it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from logging import LogRecord

from opentelemetry.trace import Span, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace import Status as SpanStatus

from caster_scene_audio.domain.objects import SceneAudio
from caster_scene_audio.domain.reasons import Reason
from caster_scene_audio.domain.spec import SceneAudioSpec
from caster_scene_audio.domain.status import ConditionType, Status

CHANGE, QUEUE, WAIT, STATUS = "change", "queue", "wait", "status"
"""`queue`: until its turn and a slot of the rate limiter; `wait`: until a retry's turn."""

REASON = "caster_scene_audio.reason"

MOST = 4096
"""Changes that are followed at once; with a further one the oldest trace ends."""


@dataclass(slots=True)
class Trace:
    """One change, as far as it has come."""

    root: Span
    waiting: Span | None
    """The span of what is waited for now."""
    is_concluded: bool = False
    """Only its status is still to be written."""


_CURRENT: ContextVar[Trace | None] = ContextVar("trace", default=None)
"""Of whose change the present task's turn is."""


class OpenTelemetryTraces:
    """Implements `ports.Traces`."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._open: dict[str, Trace] = {}

    def change_seen(self, seen: SceneAudio) -> None:
        uid = seen.ref.uid
        trace = self._open.get(uid)
        if trace is not None and not trace.is_concluded:
            return
        self.forget(uid)
        if len(self._open) == MOST:
            self.forget(next(iter(self._open)))
        root = self._tracer.start_span(CHANGE, attributes=_attributes(seen))
        self._open[uid] = Trace(root, self._below(root, QUEUE))

    @contextmanager
    def turn(self, seen: SceneAudio) -> Iterator[None]:
        trace = self._open.get(seen.ref.uid)
        if trace is None:
            yield
            return
        _end_waiting(trace)
        trace.root.set_attributes(_attributes(seen))
        token = _CURRENT.set(trace)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    def concluded(self, uid: str, status: Status) -> None:
        """The trace goes on where the status says that the change does."""
        trace = self._open.get(uid)
        if trace is None:
            return
        _end_waiting(trace)
        reason = f"{status.reason or ''}"
        trace.root.set_attribute(REASON, reason)
        if status.condition(ConditionType.RECONCILING) is not None:
            name = QUEUE if reason == Reason.QUEUED else WAIT
            trace.waiting = self._below(trace.root, name)
            trace.waiting.set_attribute(REASON, reason)
            return
        trace.is_concluded = True
        if not status.is_ready:
            trace.root.set_status(SpanStatus(StatusCode.ERROR, reason))

    def change_dropped(self, uid: str) -> None:
        trace = self._open.get(uid)
        if trace is not None and not trace.is_concluded:
            self.forget(uid)

    def forget(self, uid: str) -> None:
        trace = self._open.pop(uid, None)
        if trace is not None:
            _end_waiting(trace)
            trace.root.end()

    @contextmanager
    def status_of(self, uid: str) -> Iterator[None]:
        """A status of the object is written; with the last of its change the trace ends."""
        trace = self._open.get(uid)
        if trace is None:
            yield
            return
        is_last = trace.is_concluded
        with self._child(trace, STATUS):
            yield
        if is_last and self._open.get(uid) is trace:
            self.forget(uid)

    @contextmanager
    def call(self, action: str) -> Iterator[Span | None]:
        """A call of the present turn; None where no change is followed."""
        trace = _CURRENT.get()
        if trace is None:
            yield None
            return
        with self._child(trace, action) as span:
            yield span

    def close(self) -> None:
        """What is still open ends now."""
        for uid in [*self._open]:
            self.forget(uid)

    def _below(self, root: Span, name: str) -> Span:
        return self._tracer.start_span(name, context=set_span_in_context(root))

    @contextmanager
    def _child(self, trace: Trace, name: str) -> Iterator[Span]:
        """An exception's words stay out: they are in the log, cleaned."""
        span = self._below(trace.root, name)
        try:
            yield span
        except BaseException as error:
            span.set_status(SpanStatus(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            span.end()


def with_trace(record: LogRecord) -> bool:
    """A filter of log records, which lets all pass: those of a turn get their trace's ID."""
    if (trace := _CURRENT.get()) is not None:
        record.traceId = f"{trace.root.get_span_context().trace_id:032x}"
    return True


def _end_waiting(trace: Trace) -> None:
    if trace.waiting is not None:
        trace.waiting.end()
        trace.waiting = None


def _attributes(seen: SceneAudio) -> dict[str, str | int]:
    ids = (
        {
            "caster_scene_audio.caster": seen.spec.caster_id,
            "caster_scene_audio.scene": seen.spec.scene_id,
        }
        if isinstance(seen.spec, SceneAudioSpec)
        else {}
    )
    return {
        "k8s.object.uid": seen.ref.uid,
        "k8s.namespace.name": seen.ref.namespace,
        "k8s.object.name": seen.ref.name,
        "k8s.object.generation": seen.generation,
        **ids,
    }
