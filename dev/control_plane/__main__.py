"""Brings up a control plane, says how to reach it and stays until Ctrl-C."""

import argparse
import signal
import sys
from contextlib import suppress

from dev.control_plane.binaries import find_binaries
from dev.control_plane.failure import ControlPlaneError
from dev.control_plane.plane import ControlPlane
from dev.go_programs.failure import NoBinariesError
from dev.progress import to_stderr


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dev.control_plane", description=__doc__)
    parser.add_argument("--build-only", action="store_true", help="get the binaries, run nothing")
    arguments = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):  # a job in the background ignores SIGINT
        signal.signal(number, signal.default_int_handler)
    try:
        _run(build_only=arguments.build_only)
    except (ControlPlaneError, NoBinariesError) as error:
        to_stderr(f"{error}")
        return 1
    except KeyboardInterrupt:
        to_stderr("Interrupted.")
        return 130
    return 0


def _run(*, build_only: bool) -> None:
    binaries = find_binaries(say=to_stderr)
    if build_only:
        to_stderr(f"The control plane's binaries are in {binaries.kube_apiserver.parent}.")
        return
    with ControlPlane(binaries, say=to_stderr) as plane:
        to_stderr("Ctrl-C stops it and removes all it holds.")
        print(f"export KUBECONFIG={plane.kubeconfig}", flush=True)
        with suppress(KeyboardInterrupt):
            while True:
                signal.pause()


if __name__ == "__main__":
    sys.exit(main())
