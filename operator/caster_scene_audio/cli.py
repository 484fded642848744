"""The command line: flags and environment variables made from the settings' own fields."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from textwrap import dedent
from typing import Any, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from caster_scene_audio.adapters.live.endpoint import parse_endpoint, parse_proxy
from caster_scene_audio.adapters.tracing.tracing import parse_otlp_endpoint
from caster_scene_audio.commands import catalogue
from caster_scene_audio.flags import OneLineParser, default, metavar
from caster_scene_audio.settings import DISTRIBUTION, Settings

PROGRAM = "caster-scene-audio"
RUN = "run"
ENVIRONMENT_PREFIX = "CASTER_SCENE_AUDIO_"
EXAMPLES = """\
    examples:
      against the emulator on this machine (live-emulator --access-key testid:testsecret):
        ALIBABA_CLOUD_ACCESS_KEY_ID=testid ALIBABA_CLOUD_ACCESS_KEY_SECRET=testsecret \\
            caster-scene-audio run --live-endpoint http://127.0.0.1:8080

      two namespaces, with probes and metrics, as one of several replicas:
        caster-scene-audio run --namespace studio-a studio-b --http-port 8081 --leader-elect

      within a VPC, and another endpoint for one region:
        caster-scene-audio run --live-network vpc \\
            --live-endpoint eu-central-1=https://live.eu-central-1.aliyuncs.com
    """


_URLS: Mapping[str, Callable[[Any], object]] = {
    "live_endpoint": parse_endpoint,
    "sts_endpoint": parse_endpoint,
    "live_proxy": parse_proxy,
    "otlp_endpoint": parse_otlp_endpoint,
}


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """The settings: a flag beats its variable. Exits with 2 and names the flag that is wrong."""
    parser, commands = parsers()
    run = commands[RUN]
    given = vars(parser.parse_args(arguments))
    given.pop("command")
    wanted = _from_environment(environ) | given
    try:
        settings = Settings.model_validate(wanted)
    except ValidationError as error:
        run.error("; ".join(_complaint(each) for each in error.errors()))
    for name, check in _URLS.items():
        try:
            check(getattr(settings, name))
        except ValueError as error:
            run.error(f"{_named(name)}: {error}")
    return settings


def parsers() -> tuple[OneLineParser, Mapping[str, OneLineParser]]:
    """The program's, and those of its commands: only that of `run` knows its flags yet."""
    parser = OneLineParser(
        prog=PROGRAM,
        description="Keeps the audio of ApsaraVideo Live studios as CasterSceneAudio objects say.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {version(DISTRIBUTION)}")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser(
        RUN,
        help="run the operator against the cluster of KUBECONFIG, or of the pod it runs in",
        argument_default=argparse.SUPPRESS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=dedent(EXAMPLES),
        allow_abbrev=False,
    )
    for name, field in Settings.model_fields.items():
        _add_flag(run, name, field)
    others = {
        name: commands.add_parser(name, help=command.summary)  # each parses its own arguments
        for name, command in catalogue.COMMANDS.items()
    }
    return parser, {RUN: run, **others}


def _add_flag(parser: argparse.ArgumentParser, name: str, field: FieldInfo) -> None:
    shape: dict[str, Any] = {}
    if _is_list(field):
        shape = {"nargs": "+", "action": "extend"}
    elif field.annotation is bool:
        shape = {"nargs": "?", "const": "true"}
    written = default(field)
    parser.add_argument(
        _flag(name),
        dest=name,
        metavar=metavar(name, field),
        help=f"{field.description} ({_variable(name)}{f'; default {written}' if written else ''})",
        **shape,
    )


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Empty counts as unset; a list is separated by spaces."""
    found = {
        name: (environ.get(_variable(name), ""), field)
        for name, field in Settings.model_fields.items()
    }
    return {
        name: value.split() if _is_list(field) else value
        for name, (value, field) in found.items()
        if value
    }


def _complaint(error: Any) -> str:
    name = str(error["loc"][0])
    said = error["msg"].removeprefix("Value error, ")
    return f"{_named(name)}: {said}, not {error['input']!r}"


def _named(name: str) -> str:
    return f"{_flag(name)} (or {_variable(name)})"


def _is_list(field: FieldInfo) -> bool:
    return get_origin(field.annotation) is tuple


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _variable(name: str) -> str:
    return ENVIRONMENT_PREFIX + name.upper()
