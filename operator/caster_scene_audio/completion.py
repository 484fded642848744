"""What could be written next on the command line: for a shell, and for kubectl's own completion."""

import argparse
import asyncio
import os
import shlex
import sys
from collections.abc import Callable, Iterable
from importlib import import_module

import argcomplete

from caster_scene_audio import cli
from caster_scene_audio.adapters.cluster.config_exception import ConfigException
from caster_scene_audio.adapters.cluster.kubeconfig import context_names
from caster_scene_audio.commands.catalogue import COMMANDS
from caster_scene_audio.commands.cluster.arguments import environ_of
from caster_scene_audio.commands.cluster.cluster import Cluster, Trouble

WITHIN_S = 2.0
"""A cluster that doesn't answer sooner has no names to offer: nobody waits longer for a Tab."""

MOST = 500
"""Names that are offered."""

FILES_TOO = 0
"""What kubectl is to offer besides, by cobra's ShellCompDirective."""


def of_shell() -> None:
    """Answer the shell, by the variables that the script of `completion` sets, and exit."""
    argcomplete.autocomplete(_parser(), always_complete_options="long")


def of_kubectl() -> None:
    """`kubectl_complete-caster_audio ARGUMENT…`: kubectl asks for the last one, which may be empty.

    See "kubectl plugin" in Kubernetes's documentation: one choice a line, at last a directive.
    """
    *before, asked = sys.argv[1:] or [""]
    line = f"{shlex.join([cli.PROGRAM, *before])} {asked}"
    os.environ.update(
        _ARGCOMPLETE="1",
        _ARGCOMPLETE_IFS="\n",
        _ARGCOMPLETE_DFS="\t",
        _ARGCOMPLETE_SUPPRESS_SPACE="1",
        COMP_LINE=line,
        COMP_POINT=f"{len(line)}",
    )
    argcomplete.autocomplete(
        _parser(),
        always_complete_options="long",
        output_stream=sys.stdout,
        exit_method=_directive,
        default_completer=argcomplete.completers.SuppressCompleter(),
    )


def _directive(_code: int) -> None:
    sys.stdout.write(f"\n:{FILES_TOO}\n")
    raise SystemExit(0)


def _parser() -> argparse.ArgumentParser:
    """With every flag of every command, which are parsed one by one otherwise."""
    parser, commands = cli.parsers()
    for name, command in COMMANDS.items():
        made = commands[name]
        import_module(f"caster_scene_audio.commands.{command.module}").add_arguments(made)
        for action in made._actions:  # noqa: SLF001 (there is no other way to what was added)
            if completer := _COMPLETERS.get(action.dest):
                vars(action)["completer"] = completer
    return parser


Completer = Callable[..., Iterable[str]]


def object_names(parsed_args: argparse.Namespace, **_: object) -> Iterable[str]:
    """By the user's rights; none where the cluster can't be asked in time."""
    try:
        return asyncio.run(asyncio.wait_for(_names(parsed_args), WITHIN_S))
    except (Trouble, TimeoutError, ConfigException):
        return ()


async def _names(arguments: argparse.Namespace) -> list[str]:
    found: list[str] = []
    async with Cluster(arguments, os.environ) as cluster:
        async for body in cluster.objects():
            found.append(body["metadata"]["name"])
            if len(found) == MOST:
                break
    return found


def contexts(parsed_args: argparse.Namespace, **_: object) -> Iterable[str]:
    """Of the kubeconfig."""
    try:
        return context_names(environ_of(parsed_args, os.environ))
    except ConfigException:
        return ()


_COMPLETERS: dict[str, Completer] = {
    "name": object_names,
    "names": object_names,
    "context": contexts,
}
