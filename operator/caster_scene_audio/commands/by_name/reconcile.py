"""Have objects applied again now, whatever was sent before, and wait for the answer."""

import argparse
from importlib import import_module

from caster_scene_audio.commands.by_name import arguments as which
from caster_scene_audio.commands.terminal import Terminal

EPILOG = f"""\
{which.CODES}
examples:
  caster-scene-audio reconcile interview -n studio
  caster-scene-audio reconcile -l show=morning --timeout 2m
  caster-scene-audio reconcile --all --no-wait

It sets the annotation live.alibabacloud.com/reconcile-requested-at.
{which.RIGHTS}"""
DEFAULT_TIMEOUT = "1m"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    which.add_arguments(parser)
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=DEFAULT_TIMEOUT,
        metavar="DURATION",
        help=f"wait so long for all answers, such as 30s or 2m; default {DEFAULT_TIMEOUT}",
    )
    parser.add_argument("--no-wait", action="store_true", help="don't wait for the answers")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    work = import_module("caster_scene_audio.commands.by_name.patching")
    code: int = work.run_reconcile(arguments, terminal)
    return code


def _seconds(text: str) -> int:
    duration = import_module("caster_scene_audio.domain.duration")
    try:
        seconds: int = duration.seconds_of(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a duration such as 30s or 2m") from None
    return seconds
