"""Check files of CasterSceneAudio objects without a cluster: what is wrong, where, what to write.

The schema and the rules are those of the CRD. Beyond them: names that stand twice, octal numbers,
units, fields out of place, and two objects for one scene. Objects of other kinds are passed over.
"""

import argparse

from caster_scene_audio.commands.manifest.source_files import read_all
from caster_scene_audio.commands.terminal import Terminal
from caster_scene_audio.commands.validate.inspection import Inspection, inspect
from caster_scene_audio.commands.validate.report import as_json, as_sarif, as_text

EPILOG = """\
exit codes:
  0  nothing is wrong
  1  mistakes were found
  2  a file can't be read, or the arguments are wrong

examples:
  caster-scene-audio validate studio/
  kustomize build . | caster-scene-audio validate -
  caster-scene-audio validate -o sarif studio/ > scenes.sarif

It needs no rights, no cluster and no network.
"""
_REPORTS = {"text": as_text, "json": as_json, "sarif": as_sarif}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder, or -")
    parser.add_argument("-o", "--output", choices=_REPORTS, default="text", help="default: text")


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    try:
        seen = inspect(read_all(arguments.files))
    except OSError as error:
        terminal.say(f"{error.filename} can't be read: {error.strerror}")
        return 2
    _REPORTS[arguments.output](seen, terminal)
    terminal.say(_summary(seen))
    return 1 if seen.findings else 0


def _summary(seen: Inspection) -> str:
    return f"Objects: {seen.objects}, files: {seen.files}, mistakes: {len(seen.findings)}."
