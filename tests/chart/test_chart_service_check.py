"""What `helm test` runs, as its pod runs it: handed to Python on the command line."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from dev.helm.command import Helm
from tests.support.chart.chart import NAMESPACE, RELEASE, rendered

METRICS = 'caster_scene_audio_build_info{version="0.1.0"} 1.0\n'
SHORT = "WITHIN_S = 0.2"


@contextmanager
def service(answers: dict[str, tuple[int, str]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = answers.get(self.path, (404, ""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def checked(helm: Helm, url: str) -> subprocess.CompletedProcess[str]:
    """The pod's own command, with the Service's address changed, and less patience."""
    [container] = rendered(helm).one("Pod", "test")["spec"]["containers"]
    _, option = container["command"]
    program, _ = container["args"]
    assert "WITHIN_S = 60.0" in program
    return subprocess.run(  # noqa: S603 (the chart's own program)
        [sys.executable, option, program.replace("WITHIN_S = 60.0", SHORT), url],
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_asks_the_operator_s_service(helm4: Helm) -> None:
    made = rendered(helm4, {"service": {"port": 80}})
    [container] = made.one("Pod", "test")["spec"]["containers"]

    assert container["command"] == ["python", "-c"]
    assert container["args"][1] == f"http://{RELEASE}.{NAMESPACE}.svc:80"
    assert made.one("Pod", "test")["metadata"]["annotations"]["helm.sh/hook"] == "test"


def test_it_passes_where_the_operator_is_ready_and_has_metrics(helm4: Helm) -> None:
    with service({"/readyz": (200, "[+] crd ok\n"), "/metrics": (200, METRICS)}) as url:
        answer = checked(helm4, url)

    assert answer.returncode == 0
    assert answer.stdout == f"{url}/readyz: well\n{url}/metrics: well\n"


def test_it_fails_where_the_operator_is_not_ready_and_says_why(helm4: Helm) -> None:
    trouble = "[-] watch: silent for 80 s\n"
    with service({"/readyz": (503, trouble), "/metrics": (200, METRICS)}) as url:
        answer = checked(helm4, url)

    assert answer.returncode == 1
    assert "503: [-] watch: silent for 80 s" in answer.stdout


def test_it_fails_where_the_metrics_are_another_s(helm4: Helm) -> None:
    with service({"/readyz": (200, "ok"), "/metrics": (200, "up 1\n")}) as url:
        answer = checked(helm4, url)

    assert answer.returncode == 1
    assert "/metrics: not well" in answer.stdout


def test_it_fails_where_nobody_listens(helm4: Helm) -> None:
    answer = checked(helm4, "http://127.0.0.1:1")

    assert answer.returncode == 1
    assert "refused" in answer.stdout
