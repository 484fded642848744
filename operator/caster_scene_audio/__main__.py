"""`caster-scene-audio`: the program. Each command loads only what it needs."""

import os
import sys
from importlib import import_module

from caster_scene_audio.commands import catalogue


def main() -> None:
    """Run the operator, or one of the commands for people; exits with the command's code."""
    arguments = sys.argv[1:]
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what could come next
        import_module("caster_scene_audio.completion").of_shell()
    if arguments and arguments[0] in catalogue.COMMANDS:
        sys.exit(import_module("caster_scene_audio.commands.entry").main(arguments))
    import_module("caster_scene_audio.program").main()


if __name__ == "__main__":
    main()
