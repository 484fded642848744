"""Show all objects with what is wrong and what to do, those that need a person first."""

import argparse
from importlib import import_module

from caster_scene_audio.commands.cluster.arguments import add_cluster_arguments
from caster_scene_audio.commands.terminal import Terminal

EPILOG = """\
exit codes:
  0  no object needs a person
  1  trouble: the cluster can't be asked
  2  at least one object needs a person

examples:
  caster-scene-audio status
  caster-scene-audio status -A --watch
  caster-scene-audio status -A -o json | jq '.objects[] | select(.state == "needs a person")'

Rights in the cluster: list castersceneaudios.live.alibabacloud.com.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_cluster_arguments(parser)
    parser.add_argument("-l", "--selector", metavar="LABELS", help="only objects with these labels")
    parser.add_argument(
        "-o", "--output", choices=("text", "json"), default="text", help="default: text"
    )
    parser.add_argument("-w", "--watch", action="store_true", help="go on until Ctrl-C")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code: int = import_module("caster_scene_audio.commands.status.looking").run(arguments, terminal)
    return code
