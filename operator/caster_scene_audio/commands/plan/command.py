"""Show what applying files would change in the studio, by scene and location. It never writes.

The studio is read with your own credentials, found as the operator finds its own: environment,
profile, role. A Secret that an object names is not read.
"""

import argparse
from importlib import import_module

from caster_scene_audio.commands.terminal import Terminal

EPILOG = """\
exit codes:
  0  nothing would be written
  1  trouble: a mistake in a file, or a scene that can't be read
  2  something would be written

examples:
  caster-scene-audio plan studio/
  kustomize build . | caster-scene-audio plan -
  caster-scene-audio plan -o markdown studio/ > comment.md

Rights in RAM: live:DescribeCasterSceneAudio and live:DescribeCasterScenes.
"""
ENDPOINT = "CASTER_SCENE_AUDIO_LIVE_ENDPOINT"
DEFAULT_QPS = 5.0
"""A third of the account's usual quota of reads: the operator reads too."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder, or -")
    parser.add_argument(
        "-o", "--output", choices=("text", "json", "markdown"), default="text", help="default: text"
    )
    parser.add_argument(
        "--live-endpoint",
        metavar="URL",
        help=f"call this URL instead of the service's ({ENDPOINT})",
    )
    parser.add_argument(
        "--read-qps",
        type=_pace,
        default=DEFAULT_QPS,
        metavar="N",
        help=f"calls a second, 0.1 to 1000; default {DEFAULT_QPS:g}",
    )


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    # The HTTP client takes a third of a second to load; --help doesn't need it.
    code: int = import_module("caster_scene_audio.commands.plan.planning").run(arguments, terminal)
    return code


def _pace(text: str) -> float:
    qps = float(text)
    if not 0.1 <= qps <= 1000:
        raise argparse.ArgumentTypeError("must be from 0.1 to 1000")
    return qps
