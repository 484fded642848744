"""Show what applying files would change in the studio, by scene and location. It never writes.

Without a file: what the objects of the cluster are about to change, by your kubeconfig.

The studio is read with your own credentials, found as the operator finds its own: environment,
profile, role. A Secret that an object names is not read.
"""

import argparse
from importlib import import_module

from caster_scene_audio.commands.cluster.arguments import add_cluster_arguments
from caster_scene_audio.commands.studio.arguments import add_service_arguments
from caster_scene_audio.commands.terminal import Terminal

EPILOG = """\
exit codes:
  0  nothing would be written
  1  trouble: a mistake in a file, or a scene that can't be read
  2  something would be written

examples:
  caster-scene-audio plan studio/
  caster-scene-audio plan -n studio
  kustomize build . | caster-scene-audio plan -
  caster-scene-audio plan -o markdown studio/ > comment.md

Rights in RAM: live:DescribeCasterSceneAudio and live:DescribeCasterScenes. In the cluster, without a
file: list castersceneaudios.live.alibabacloud.com.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="a file, a folder, or -; none: the cluster"
    )
    add_cluster_arguments(parser)
    parser.add_argument(
        "-o", "--output", choices=("text", "json", "markdown"), default="text", help="default: text"
    )
    add_service_arguments(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    # The HTTP client takes a third of a second to load; --help doesn't need it.
    code: int = import_module("caster_scene_audio.commands.plan.planning").run(arguments, terminal)
    return code
