"""Show the scenes of a caster as objects, to be put into Git. Nothing is written anywhere.

The studio is read with your own credentials, found as the operator finds its own. The filters of a
layer can't be read back, and are left out.
"""

import argparse
from importlib import import_module

from caster_scene_audio.commands.studio.arguments import add_service_arguments
from caster_scene_audio.commands.terminal import Terminal

EPILOG = """\
exit codes:
  0  all that was asked for is there
  1  trouble: the caster, or a scene of it, can't be read or can't be said as an object

examples:
  caster-scene-audio export --caster LIVEPRODUCER_POST-cn-demo > studio.yaml
  caster-scene-audio export --caster LIVEPRODUCER_POST-cn-demo --scene scene-opening -n studio

Rights in RAM: live:DescribeCasterScenes and live:DescribeCasterSceneAudio.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--caster", required=True, metavar="ID", help="of the production studio")
    parser.add_argument(
        "--scene", action="append", metavar="ID", help="only this scene; may stand more than once"
    )
    parser.add_argument("--region", metavar="ID", help="default: that of the endpoint")
    parser.add_argument("-n", "--namespace", metavar="NAME", help="default: none is named")
    parser.add_argument(
        "-o", "--output", choices=("yaml", "json"), default="yaml", help="default: yaml"
    )
    add_service_arguments(parser)


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    module = import_module("caster_scene_audio.commands.export.exporting")
    code: int = module.run(arguments, terminal)
    return code
