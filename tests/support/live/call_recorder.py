"""A loopback server in a thread that keeps each request as the wire had it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class RecordedCall:
    method: str
    query: str
    headers: dict[str, str]

    @property
    def parameters(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True, strict_parsing=True))

    @property
    def signed_headers(self) -> dict[str, str]:
        """The headers that the Authorization header says are signed."""
        names = self.headers["authorization"].split("SignedHeaders=")[1].split(",")[0]
        return {name: self.headers[name] for name in names.split(";")}


class CallRecorder:
    """Answers every POST with a RequestId."""

    def __init__(self, port: int, calls: list[RecordedCall]) -> None:
        self.port = port
        self._calls = calls

    def last(self) -> RecordedCall:
        return self._calls[-1]


@contextmanager
def call_recorder() -> Iterator[CallRecorder]:
    calls: list[RecordedCall] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            path, _, query = self.path.partition("?")
            assert path == "/"
            headers = {name.lower(): value for name, value in self.headers.items()}
            calls.append(RecordedCall(self.command, query, headers))
            body = b'{"RequestId": "RECORDED"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output for the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield CallRecorder(server.server_port, calls)
        finally:
            server.shutdown()
            thread.join()
