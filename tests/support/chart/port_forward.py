"""The emulator in the cluster, within reach of the tests."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from dev.kubectl import Kubectl
from tests.support.running.emulator_thread import LiveService

HOST = "127.0.0.1"


@contextmanager
def forwarded(
    kubectl: Kubectl, service: str, *, namespace: str, port: int
) -> Iterator[LiveService]:
    """By `kubectl port-forward`, on a free port of the loopback."""
    command = kubectl.command(
        "port-forward", f"--namespace={namespace}", f"--address={HOST}", service, f":{port}"
    )
    with subprocess.Popen(  # noqa: S603 (the project's own kubectl)
        command, env=kubectl.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            # Forwarding from 127.0.0.1:40123 -> 8080
            line = process.stdout.readline()
            assert line.startswith(f"Forwarding from {HOST}:"), line
            yield LiveService(HOST, int(line.split()[2].rpartition(":")[2]))
        finally:
            process.terminate()
