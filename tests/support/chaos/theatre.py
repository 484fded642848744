"""All that a run plays on, each part a real process: control plane, emulator, two replicas, tenants."""

import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from dev.control_plane.plane import ControlPlane
from dev.demo.programs import Program, clean_environment
from tests.support.chaos.gate import Gate, gate_to
from tests.support.chaos.player import QUOTA, Player, Ways, player_of, revived
from tests.support.chaos.studio import Studio, studios_on
from tests.support.cluster.cluster import OPERATOR_NAMESPACE, SERVICE_ACCOUNT
from tests.support.cluster.tenants import make_ready_for_tenants
from tests.support.live.loop_thread import in_a_thread
from tests.support.running.emulator_thread import LiveService
from tests.support.tools.patience import eventually

ACCOUNT = "account-of-the-operator"
LISTENS = "live-emulator listens on "


@dataclass(frozen=True, kw_only=True)
class Theatre:
    plane: ControlPlane
    live: LiveService
    gate: Gate
    studios: Sequence[Studio]
    players: Sequence[Player]

    def leader(self) -> Player | None:
        """Who serves, as far as it tells."""
        return next((each for each in self.players if each.replica.is_serving()), None)


@contextmanager
def theatre_on(plane: ControlPlane, directory: Path) -> Iterator[Theatre]:
    """With the replicas at work: whoever ends is started again, as a kubelet does it."""
    make_ready_for_tenants(plane)
    account = plane.kubeconfig_for(SERVICE_ACCOUNT, OPERATOR_NAMESPACE)
    cluster = yaml.safe_load(account.read_text())["clusters"][0]["cluster"]
    names = [f"chaos-{secrets.token_hex(3)}" for _ in range(3)]
    with ExitStack() as stack:
        live = stack.enter_context(_emulator(directory))
        live.turn(updateQps=QUOTA)
        gate = stack.enter_context(in_a_thread(lambda: gate_to(cluster)))
        studios = stack.enter_context(studios_on(plane, live, *names))
        ways = Ways(live=live, gate_port=gate.port, kubeconfig=account, namespaces=names)
        players = [
            stack.enter_context(player_of(name, _known(live, name), directory, ways))
            for name in ("one", "two")
        ]
        stack.enter_context(revived(players))
        theatre = Theatre(plane=plane, live=live, gate=gate, studios=studios, players=players)
        eventually(theatre.leader)
        yield theatre


@contextmanager
def _emulator(directory: Path) -> Iterator[LiveService]:
    program = Program(
        "emulator",
        [
            sys.executable,
            "-m",
            "live_emulator",
            "--port=0",
            "--any-scene",
            "--no-demo-studio",
        ],
        log=directory / "emulator.log",
        environment=clean_environment(os.environ),
    )
    program.start()
    try:
        url = eventually(lambda: program.has_said(LISTENS)).removeprefix(LISTENS)
        found = urlsplit(url)
        yield LiveService(found.hostname or "", found.port or 0)
    finally:
        program.stop(within_s=10)


def _known(live: LiveService, name: str) -> str:
    """The secret of an access key that the service knows from now on."""
    secret = f"the-secret-of-replica-{name}"
    live.put_key(name, secret=secret, account=ACCOUNT)
    return secret
