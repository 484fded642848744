"""Runs one of the commands for people."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from caster_scene_audio.commands import terminal
from caster_scene_audio.commands.catalogue import COMMANDS

PROGRAM = "caster-scene-audio"
INTERRUPTED = 130
"""As shells say it: 128 and the number of SIGINT."""
CLOSED_PIPE = 141
"""As shells say it: 128 and the number of SIGPIPE."""


def main(arguments: Sequence[str]) -> int:
    """The exit code. Ctrl-C and a reader that closes the pipe end quietly."""
    name, *rest = arguments
    module = import_module(f"caster_scene_audio.commands.{COMMANDS[name].module}")
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} {name}",
        description=module.__doc__,
        epilog=module.EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    try:
        code: int = module.run(parser.parse_args(rest), terminal.standard(os.environ))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # What is still to be flushed at exit has no reader either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    return code
