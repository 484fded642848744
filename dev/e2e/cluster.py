"""Which commands give a cluster: those that the environment names, or else kind's."""

import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.e2e.failure import NoClusterError

KIND = Path(__file__).parent / "kind"
VARIABLES = ("E2E_UP", "E2E_IMAGE", "E2E_EXEC", "E2E_DOWN", "E2E_KUBECONFIG")
ANSWER_WITHIN_S = 30

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """How a one-node cluster is brought up, filled, entered and taken down.

    Attributes:
        up: Brings it up; then its administrator's kubeconfig is there.
        image: Followed by a folder and a name: builds the Dockerfile in the folder, and puts the
            image of that name into the cluster.
        execute: Followed by a command: runs it on the node, as root and among the node's processes.
        down: Takes it down.
        kubeconfig: Where `up` leaves it.
    """

    up: Command
    image: Command
    execute: Command
    down: Command
    kubeconfig: Path

    def variables(self) -> dict[str, str]:
        """As they would be named in the environment."""
        commands = (self.up, self.image, self.execute, self.down)
        values = (*map(shlex.join, commands), f"{self.kubeconfig}")
        return dict(zip(VARIABLES, values, strict=True))


def cluster_of(environment: Mapping[str, str], *, home: Path) -> Cluster:
    """Raises NoClusterError, whose message says what to do. `home` is for kind's kubeconfig."""
    given = {name: environment.get(name, "") for name in VARIABLES}
    if any(given.values()):
        return _named(given)
    if lack := _lack_of_kind(environment):
        raise NoClusterError(
            f"There is no cluster to run in: {lack}.\n"
            "Have a Docker engine and kind on the PATH, or name commands for another cluster in "
            f"{_listed(VARIABLES)}: docs/real-cluster.md."
        )
    return Cluster(
        up=(f"{KIND / 'up'}",),
        image=(f"{KIND / 'image'}",),
        execute=(f"{KIND / 'exec'}",),
        down=(f"{KIND / 'down'}",),
        kubeconfig=home / "kind.kubeconfig",
    )


def _named(given: Mapping[str, str]) -> Cluster:
    if missing := [name for name, value in given.items() if not value]:
        raise NoClusterError(
            f"{_listed(missing)} must be set as well: these variables name one cluster together,"
            " see docs/real-cluster.md."
        )
    up, image, execute, down = (tuple(shlex.split(given[name])) for name in VARIABLES[:4])
    return Cluster(
        up=up, image=image, execute=execute, down=down, kubeconfig=Path(given["E2E_KUBECONFIG"])
    )


def _lack_of_kind(environment: Mapping[str, str]) -> str:
    """Why kind won't do, or nothing."""
    path = environment.get("PATH", "")
    for program in ("docker", "kind"):
        if shutil.which(program, path=path) is None:
            return f"there is no {program} on the PATH"
    return "" if _engine_answers(environment) else "no Docker engine answers"


def _engine_answers(environment: Mapping[str, str]) -> bool:
    try:
        answer = subprocess.run(
            ["docker", "version", "--format", "{{.Server.Version}}"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return answer.returncode == 0


def _listed(names: tuple[str, ...] | list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
