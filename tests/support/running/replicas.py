"""Operators that share a Lease, each with a key of its own, so that calls tell who made them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from dev.control_plane.processes import free_ports
from tests.support.cluster.cluster import OPERATOR_NAMESPACE, SERVICE_ACCOUNT
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.stage import Stage
from tests.support.running.web import OperatorWeb
from tests.support.tools.patience import eventually
from tests.support.tools.secret_search import RUN

LEASE = SERVICE_ACCOUNT
ACCOUNT = "e2e"


@dataclass(frozen=True)
class Replica:
    name: str
    process: OperatorProcess
    web: OperatorWeb

    def start(self) -> None:
        """Return once it leads or stands by."""
        before = self.said("Standing by")
        self.process.launch()
        eventually(lambda: self.said("Standing by") > before)

    def is_serving(self) -> bool:
        """Whether it leads, since its last start."""
        return self.process.is_running and self.web.metric("leader") == 1

    def said(self, message: str) -> int:
        return len(self.lines(message))

    def lines(self, message: str) -> list[dict[str, Any]]:
        return [line for line in self.process.log_lines if line["message"] == message]

    def last_said(self, message: str) -> datetime:
        return datetime.fromisoformat(self.lines(message)[-1]["time"])

    def calls(self, stage: Stage, **match: Any) -> list[dict[str, Any]]:
        """Those that it made, oldest first."""
        found = stage.live.calls(**match)
        return [call for call in found if call["accessKeyId"] == self.name]


@dataclass(frozen=True)
class Replicas:
    stage: Stage
    directory: Path
    lease_duration_s: int
    flags: Sequence[str] = ()
    """Before those that are a test's own, of which the last of a name holds."""
    made: list[Replica] = field(default_factory=list)

    def make(self, name: str, *, kubeconfig: Path | None = None) -> Replica:
        """Not started yet."""
        secret = f"the-secret-of-{name}"
        self.stage.live.put_key(name, secret=secret, account=ACCOUNT)
        directory = self.directory / name
        directory.mkdir()
        port = next(free_ports())
        process = OperatorProcess(
            kubeconfig=kubeconfig or self.stage.operator.kubeconfig,
            live_endpoint=self.stage.live.url,
            namespace=self.stage.namespace,
            directory=directory,
            environ={
                "ALIBABA_CLOUD_ACCESS_KEY_ID": name,
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret,
            },
            flags=(
                *self.flags,
                "--leader-elect",
                f"--lease-duration={self.lease_duration_s}s",
                "--http-host=127.0.0.1",
                f"--http-port={port}",
            ),
        )
        replica = Replica(name, process, OperatorWeb(port))
        self.made.append(replica)
        return replica

    def pair(self) -> tuple[Replica, Replica]:
        """The first leads, the second stands by."""
        first, second = self.make("one"), self.make("two")
        first.start()
        eventually(first.is_serving)
        second.start()
        return first, second

    def leader(self) -> Replica:
        return eventually(
            lambda: next((each for each in self.made if each.is_serving()), None),
            within_s=self.lease_duration_s + 30,
        )


@contextmanager
def replicas_on(
    stage: Stage, directory: Path, *, lease_duration_s: int, flags: Sequence[str] = ()
) -> Iterator[Replicas]:
    """With no Lease left over; whoever is still there is ended, and what it told is searched."""
    stage.plane.kubectl(
        "delete", "lease", LEASE, f"--namespace={OPERATOR_NAMESPACE}", "--ignore-not-found"
    )
    replicas = Replicas(stage, directory, lease_duration_s, flags)
    try:
        yield replicas
    finally:
        for each in replicas.made:
            each.process.end()
            RUN.told(f"the log of replica {each.name}", each.process.log)
