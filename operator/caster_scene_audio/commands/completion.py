"""Print the script by which a shell completes commands, flags and the names of objects."""

import argparse
from importlib import import_module

from caster_scene_audio.commands.terminal import Terminal

SHELLS = ("bash", "zsh", "fish")
EPILOG = """\
exit codes:
  0  the script was printed

examples:
  source <(caster-scene-audio completion bash)
  source <(caster-scene-audio completion zsh)
  caster-scene-audio completion fish > ~/.config/fish/completions/caster-scene-audio.fish

kubectl caster-audio is completed by kubectl's own script, once kubectl_complete-caster_audio is on
the PATH: it comes with the program.

Rights in the cluster, for names: list castersceneaudios.live.alibabacloud.com.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="of whom the script is")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    shellcode = import_module("argcomplete").shellcode
    terminal.put(shellcode(["caster-scene-audio"], shell=arguments.shell).rstrip())
    return 0
