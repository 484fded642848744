"""A replica of the operator, which is started again whenever it ends, as a kubelet does it."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from dev.control_plane.kubeconfig import write_private
from dev.control_plane.processes import free_ports
from tests.support.cluster.relay import Relay, relay_to
from tests.support.live.loop_thread import in_a_thread
from tests.support.running.emulator_thread import LiveService
from tests.support.running.operator_process import OperatorProcess
from tests.support.running.replicas import Replica
from tests.support.running.web import OperatorWeb
from tests.support.tools.secret_search import RUN

CLOCK = Path(__file__).with_name("clock")
ROOT = Path(__file__).parents[3]
LEASE_S = 5
LIVE_TIMEOUT_S = 3.0
QUOTA = 5
"""Updates a second of each account: so few that a change of all objects has to wait for it."""
FLAGS = (
    "--leader-elect",
    f"--lease-duration={LEASE_S}s",
    f"--live-timeout={LIVE_TIMEOUT_S:.0f}",
    "--connect-timeout=2",
    f"--update-qps={QUOTA}",
    "--interval=4s",
    "--interval-floor=1s",
    "--watch-silence=20s",
    "--backoff",
    "transient=1:10",
    "busy=1:10",
    "clock=1:10",
    "not-ready=1:10",
    "not-found=1:10",
    "access=10",
    "expired-token=10",
    "invalid=10",
)
"""The same policies as by default, with bounds that a round can wait for."""


@dataclass
class Player:
    """A replica of the operator, its own way to the API server, and its own wall clock."""

    replica: Replica
    relay: Relay
    clock: Path
    hands: Lock = field(default_factory=Lock)
    """Of whoever starts or ends the process: one at a time."""
    woken_at: list[float] = field(default_factory=list)
    """Monotonic moments at which the paused process went on."""

    @property
    def process(self) -> OperatorProcess:
        return self.replica.process

    def set_clock(self, offset_s: float) -> None:
        write_private(self.clock, f"{offset_s}")

    def revive(self) -> None:
        with self.hands:
            if not self.process.is_running:
                self.process.launch()


@dataclass(frozen=True, kw_only=True)
class Ways:
    """What a replica is given to reach the world by."""

    live: LiveService
    gate_port: int
    kubeconfig: Path
    """Of the operator's account; its server is reached through the gate."""
    namespaces: Sequence[str]


@contextmanager
def player_of(name: str, secret: str, directory: Path, ways: Ways) -> Iterator[Player]:
    """Not started yet. Its own access key tells in the journal who called."""
    own = directory / name
    own.mkdir()
    with in_a_thread(lambda: relay_to(ways.gate_port)) as relay:
        port = next(free_ports())
        process = OperatorProcess(
            kubeconfig=_through(ways.kubeconfig, relay.port, own / "kubeconfig"),
            live_endpoint=ways.live.url,
            namespace=ways.namespaces[0],
            directory=own,
            environ={
                "ALIBABA_CLOUD_ACCESS_KEY_ID": name,
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret,
                "CHAOS_CLOCK": f"{own / 'clock'}",
                "PYTHONPATH": os.pathsep.join((f"{CLOCK}", f"{ROOT}")),
            },
            flags=(
                *(f"--namespace={each}" for each in ways.namespaces[1:]),
                f"--sts-endpoint={ways.live.url}",
                f"--http-port={port}",
                *FLAGS,
            ),
        )
        player = Player(Replica(name, process, OperatorWeb(port)), relay, own / "clock")
        player.set_clock(0)
        try:
            yield player
        finally:
            process.end()
            RUN.told(f"the log of replica {name}", process.log)


def _through(kubeconfig: Path, port: int, path: Path) -> Path:
    """The same user's, over a port of ours."""
    text = re.sub(
        r"server: https://\S+", f"server: http://127.0.0.1:{port}", kubeconfig.read_text()
    )
    return write_private(path, text)


@contextmanager
def revived(players: Sequence[Player], *, pause_s: float = 0.5) -> Iterator[None]:
    """All are started now, and again after each end, until the context ends."""
    over = Event()

    def work() -> None:
        while not over.wait(pause_s):
            for each in players:
                each.revive()

    for each in players:
        each.revive()
    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
