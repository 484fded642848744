"""Show an object with the audio of another time, for you to apply. Nothing is written anywhere.

Without --entry it is what the scene had before the operator first wrote it (status.replaced). With
--change-log and --entry it is what an entry of the record set.
"""

import argparse
from importlib import import_module

from caster_scene_audio.commands.cluster.arguments import add_cluster_arguments
from caster_scene_audio.commands.terminal import Terminal

EPILOG = """\
exit codes:
  0  done
  1  trouble: nothing is known of that time, or the cluster can't be read

examples:
  caster-scene-audio restore interview -n studio > interview.yaml
  caster-scene-audio history interview --change-log changes.jsonl
  caster-scene-audio restore interview --change-log changes.jsonl --entry 12 | kubectl apply -f -

Rights in the cluster: get castersceneaudios.live.alibabacloud.com.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_cluster_arguments(parser, all_namespaces=False)
    parser.add_argument("name", metavar="NAME", help="of the object")
    parser.add_argument("--change-log", metavar="FILE", help="the operator's change record")
    parser.add_argument("--entry", type=int, metavar="N", help="as `history --change-log` counts")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    module = import_module("caster_scene_audio.commands.history.telling")
    code: int = module.run_restore(arguments, terminal)
    return code
