"""Shows the operator at work on this machine, then stays up for kubectl until Ctrl-C.

With DEMO_ONCE=1 in the environment it ends by itself. The exit code is 0 only if every step held.
"""

import io
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from dev.control_plane.binaries import find_binaries
from dev.control_plane.failure import ControlPlaneError
from dev.demo.failure import StepError
from dev.demo.script import Script
from dev.demo.stage import Stage
from dev.demo.terminal import Terminal
from dev.go_programs.failure import NoBinariesError

ROOT = Path(__file__).parents[2]
INTERRUPTED = 130
LOOK_EVERY_S = 0.5


def main() -> int:
    once = os.environ.get("DEMO_ONCE", "").lower() not in {"", "0", "no", "false"}
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without such a character shows ?
    terminal = Terminal()
    os.chdir(ROOT)  # the shown commands name files from here
    # A job in the background ignores SIGINT; SIGHUP: the terminal was closed.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return _run(terminal, once=once)
    except KeyboardInterrupt:
        terminal.failed("Interrupted before every step was shown.")
        return INTERRUPTED
    except (StepError, ControlPlaneError, NoBinariesError) as error:
        terminal.failed(f"{error}")
        return 1


def _run(terminal: Terminal, *, once: bool) -> int:
    with Stage(find_binaries(say=terminal.aside), say=terminal.aside) as stage:
        try:
            Script(stage, terminal).play()
        except (StepError, ControlPlaneError):
            terminal.output(stage.logs())
            stage.check_programs()  # one that has ended is the better reason
            raise
        terminal.heading("Every step held.")
        if not once:
            _stay(stage, terminal)
    return 0


def _stay(stage: Stage, terminal: Terminal) -> None:
    """Until Ctrl-C; raises StepError should a process end before."""
    terminal.say("Everything stays up until Ctrl-C. In another terminal:")
    terminal.output("\n" + "\n".join(_hints(stage)))
    terminal.say(f"The desk, to watch it:   {stage.studio.url}/")
    terminal.say(f"The operator's log:    {stage.operator_log}")
    try:
        while True:
            stage.check_programs()
            time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        terminal.output("")


def _hints(stage: Stage) -> list[str]:
    kubectl = stage.plane.binaries.kubectl
    return [
        f"export KUBECONFIG={stage.plane.kubeconfig}",
        *([] if shutil.which("kubectl") else [f"export PATH=$PATH:{kubectl.parent}"]),
        "kubectl get csa --watch",
        "kubectl apply -f examples/interview.yaml",
        "kubectl explain csa.spec.layers",
    ]


if __name__ == "__main__":
    sys.exit(main())
