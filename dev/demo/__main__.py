"""Shows the operator at work on this machine, then stays up for kubectl until Ctrl-C.

With DEMO_ONCE=1 in the environment it ends by itself. The exit code is 0 only if every step held.
"""

import io
import os
import shlex
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
SOURCED = ROOT / ".cache" / "demo.sh"
"""What another terminal sources; it is there as long as the demonstration stays up."""

HINTS = (
    "kubectl get csa --watch",
    "kubectl apply -f examples/interview.yaml",
    "kubectl explain csa.spec.layers",
)


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
    SOURCED.parent.mkdir(exist_ok=True)
    SOURCED.touch(mode=0o600)
    SOURCED.write_text(_environment(stage))
    terminal.say("Everything stays up until Ctrl-C. In another terminal, in this folder:")
    terminal.output("\n" + "\n".join((f"source {SOURCED.relative_to(ROOT)}", *HINTS)))
    terminal.say(f"The desk, to watch it:   {stage.studio.url}/")
    terminal.say(f"The operator's log:    {stage.operator_log}")
    try:
        while True:
            stage.check_programs()
            time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        terminal.output("")
    finally:
        SOURCED.unlink(missing_ok=True)


def _environment(stage: Stage) -> str:
    """For another terminal: the cluster, the studio, and the programs for them."""
    programs = f"{Path(sys.executable).parent}:{stage.plane.binaries.kubectl.parent}"
    variables = {
        "KUBECONFIG": f"{stage.plane.kubeconfig}",
        "STUDIO": stage.studio.url,
        "CASTER_SCENE_AUDIO_LIVE_ENDPOINT": stage.studio.url,
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        **stage.key,
    }
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join((*lines, f'export PATH={shlex.quote(programs)}:"$PATH"', ""))


if __name__ == "__main__":
    sys.exit(main())
