"""The flags of every command that asks the service."""

import argparse

ENDPOINT = "CASTER_SCENE_AUDIO_LIVE_ENDPOINT"
DEFAULT_QPS = 5.0
"""A third of the account's usual quota of reads: the operator reads too."""


def add_service_arguments(parser: argparse.ArgumentParser) -> None:
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


def _pace(text: str) -> float:
    qps = float(text)
    if not 0.1 <= qps <= 1000:
        raise argparse.ArgumentTypeError("must be from 0.1 to 1000")
    return qps
