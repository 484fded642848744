"""Show the objects of a cluster as a mixer's channel strips, in a browser on this machine.

The page is served on 127.0.0.1 alone, at an address with a token that is made for this call. It shows
what you may list, by your kubeconfig, and follows every change. A fader that is moved shows the change
as YAML and as a command; with --allow-edit it can be applied from the page.
"""

import argparse
from importlib import import_module

from caster_scene_audio.commands.cluster.arguments import add_cluster_arguments
from caster_scene_audio.commands.studio.arguments import add_service_arguments
from caster_scene_audio.commands.terminal import Terminal

EPILOG = """\
exit codes:
  0  done, by Ctrl-C or SIGTERM
  1  trouble: the cluster can't be asked, or the port is taken

examples:
  caster-scene-audio desk -n studio
  caster-scene-audio desk -A --port 8090
  caster-scene-audio desk -n studio --allow-edit

Rights in the cluster: list, watch and get castersceneaudios.live.alibabacloud.com; with --allow-edit
patch, too. Whether a scene is on air is asked of the service with your own credentials, where there are
some: live:DescribeCasterScenes.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_cluster_arguments(parser)
    parser.add_argument(
        "--port", type=_port, default=0, metavar="N", help="of 127.0.0.1; default: a free one"
    )
    parser.add_argument(
        "--allow-edit", action="store_true", help="let the page apply what a fader was moved to"
    )
    add_service_arguments(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    code: int = import_module("caster_scene_audio.commands.desk.serving").run(arguments, terminal)
    return code


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("must be a port: 0 to 65535")
    return port
