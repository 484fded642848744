"""Waits for a component to answer that it is ready."""

import http.client
import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from dev.control_plane.certificates import KeyPair
from dev.control_plane.commands import HOST
from dev.control_plane.failure import ComponentError
from dev.control_plane.processes import Component
from dev.progress import Progress, Say

READY_WITHIN_S = 90.0
PROGRESS_EVERY_S = 5.0
PROBE_TIMEOUT_S = 5.0
PAUSE_S = 0.05


def wait_until_ready(component: Component, answers: Callable[[], bool], *, say: Say) -> None:
    """Raise ComponentError, with the end of the log, where it ends or takes too long."""
    progress = Progress(say, every_s=PROGRESS_EVERY_S)
    while not answers():
        if not component.running:
            raise _failure(component, "ended before it was ready")
        if progress.elapsed_s > READY_WITHIN_S:
            raise _failure(component, f"was not ready within {READY_WITHIN_S:.0f} s")
        progress.tell(lambda: f"{component.name} is starting")
        time.sleep(PAUSE_S)


def answers_http(port: int, path: str) -> Callable[[], bool]:
    def probe() -> bool:
        return _is_ok(http.client.HTTPConnection(HOST, port, timeout=PROBE_TIMEOUT_S), path)

    return probe


def answers_https(
    port: int, paths: tuple[str, ...], *, authority: Path, client: KeyPair
) -> Callable[[], bool]:
    """Every path answers 200 to this client."""
    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(client.certificate, client.key)

    def connection() -> http.client.HTTPConnection:
        return http.client.HTTPSConnection(HOST, port, timeout=PROBE_TIMEOUT_S, context=context)

    return lambda: all(_is_ok(connection(), path) for path in paths)


def _is_ok(connection: http.client.HTTPConnection, path: str) -> bool:
    try:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _failure(component: Component, what: str) -> ComponentError:
    return ComponentError(f"{component.name} {what}; the end of its log:\n{component.end_of_log()}")
