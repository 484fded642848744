"""A collector of traces: takes OTLP over HTTP, as an OpenTelemetry collector does, and keeps the spans."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from typing_extensions import override


@dataclass(frozen=True)
class TakenSpan:
    trace_id: str
    span_id: str
    parent_id: str
    name: str
    begun_ns: int
    ended_ns: int
    has_failed: bool
    attributes: dict[str, str | int]


@dataclass
class Collector:
    url: str
    spans: list[TakenSpan] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)

    def root(self, **attributes: str) -> TakenSpan | None:
        """The last whole trace whose first span has these attributes."""
        wanted = attributes.items()
        found = [s for s in self.spans if not s.parent_id and wanted <= s.attributes.items()]
        return found[-1] if found else None

    def below(self, root: TakenSpan) -> list[TakenSpan]:
        """By the time of their beginning."""
        children = (span for span in self.spans if span.parent_id == root.span_id)
        return sorted(children, key=lambda span: span.begun_ns)

    def take(self, request: ExportTraceServiceRequest) -> None:
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans += [
                    TakenSpan(
                        trace_id=span.trace_id.hex(),
                        span_id=span.span_id.hex(),
                        parent_id=span.parent_span_id.hex(),
                        name=span.name,
                        begun_ns=span.start_time_unix_nano,
                        ended_ns=span.end_time_unix_nano,
                        has_failed=span.status.code == Status.STATUS_CODE_ERROR,
                        attributes={
                            each.key: each.value.string_value or each.value.int_value
                            for each in span.attributes
                        },
                    )
                    for span in scope.spans
                ]


@contextmanager
def collecting() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collector.paths.add(self.path)
            collector.take(ExportTraceServiceRequest.FromString(body))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", f"{len(answer)}")
            self.end_headers()
            self.wfile.write(answer)

        @override
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()
