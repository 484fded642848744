"""Show what changed an object's scene, and when: by its Events, or by the change record.

Events are kept by the API server for an hour, unless it is told otherwise. A change record is what the
operator writes with --change-log.
"""

import argparse
from importlib import import_module

from caster_scene_audio.commands.cluster.arguments import add_cluster_arguments
from caster_scene_audio.commands.terminal import Terminal

EPILOG = """\
exit codes:
  0  done
  1  trouble: the cluster, or the record, can't be read

examples:
  caster-scene-audio history interview -n studio
  caster-scene-audio history interview -n studio --change-log changes.jsonl
  caster-scene-audio history interview -o json | jq .

Rights in the cluster: get castersceneaudios.live.alibabacloud.com, list events.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_cluster_arguments(parser, all_namespaces=False)
    parser.add_argument("name", metavar="NAME", help="of the object")
    parser.add_argument(
        "--change-log", metavar="FILE", help="the operator's change record, instead of Events"
    )
    parser.add_argument(
        "-o", "--output", choices=("text", "json"), default="text", help="default: text"
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    module = import_module("caster_scene_audio.commands.history.telling")
    code: int = module.run_history(arguments, terminal)
    return code
