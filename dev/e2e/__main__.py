"""Runs the acceptance tests in a cluster that comes and goes with them."""

import os
import signal
import sys

from dev.control_plane.binaries import find_binaries
from dev.e2e.cluster import cluster_of
from dev.e2e.failure import NoClusterError, StepError
from dev.e2e.run import Run
from dev.e2e.tools import path_with_tools
from dev.go_programs.build import cache_of
from dev.go_programs.failure import NoBinariesError
from dev.kubectl import Kubectl
from dev.progress import to_stderr

PYTEST = (sys.executable, "-m", "pytest", "--exitfirst", "--durations=8", "tests/node")
KIND_CLUSTER = "caster-scene-audio-e2e"


def main() -> int:
    # At a stop the cluster goes down first, whoever asks for it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run(sys.argv[1:])
    except (NoClusterError, NoBinariesError, StepError) as error:
        to_stderr(f"{error}")
        return 1
    except KeyboardInterrupt:
        to_stderr("Interrupted.")
        return 130


def _run(arguments: list[str]) -> int:
    cache = cache_of(os.environ)
    cluster = cluster_of(os.environ, home=cache)
    kubectl = find_binaries(say=to_stderr).kubectl
    path = path_with_tools(os.environ, kubectl=kubectl, go_cache=cache / "go", say=to_stderr)
    environment = {
        **os.environ,
        **cluster.variables(),
        "E2E_CLUSTER": KIND_CLUSTER,
        "PATH": path,
    }
    run = Run(
        cluster=cluster,
        environment=environment,
        kubectl=Kubectl(kubectl, cluster.kubeconfig),
        tests=(*PYTEST, *arguments),
        say=to_stderr,
    )
    return run()


if __name__ == "__main__":
    sys.exit(main())
