"""Suspend objects: nothing is called for them until they are resumed; the studio stays as it is."""

import argparse
from importlib import import_module

from caster_scene_audio.commands.by_name import arguments as which
from caster_scene_audio.commands.terminal import Terminal

EPILOG = f"""\
{which.CODES}
examples:
  caster-scene-audio suspend interview opening -n studio
  caster-scene-audio suspend -l show=morning
  caster-scene-audio suspend --all -n studio

It sets spec.suspend. Where a tool applies the objects from Git, set it there: the tool would put it
back.
{which.RIGHTS}"""
add_arguments = which.add_arguments


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    work = import_module("caster_scene_audio.commands.by_name.patching")
    code: int = work.run_suspend(arguments, terminal)
    return code
