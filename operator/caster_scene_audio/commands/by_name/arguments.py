"""Which objects are meant: some by name, those with labels, or all of a namespace."""

import argparse

from caster_scene_audio.commands.cluster.arguments import add_cluster_arguments

CODES = """\
exit codes:
  0  done for all
  1  trouble: for at least one it was not done
"""
RIGHTS = """
Rights in the cluster: get, list and patch castersceneaudios.live.alibabacloud.com.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_cluster_arguments(parser, all_namespaces=False)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("names", nargs="*", default=[], metavar="NAME", help="of the objects")
    which.add_argument("-l", "--selector", metavar="LABELS", help="all objects with these labels")
    which.add_argument("--all", action="store_true", help="all objects of the namespace")
