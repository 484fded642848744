"""The commands for people: their names, and where each is found when it is called."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    summary: str
    module: str
    """Below this package; it has `add_arguments(parser)` and `run(arguments, terminal)`."""


COMMANDS: Mapping[str, Command] = {
    "validate": Command(
        summary="check files without a cluster: what is wrong, where, and what to write",
        module="validate.command",
    ),
    "plan": Command(
        summary="show what applying files would change in the studio, without writing",
        module="plan.command",
    ),
    "export": Command(
        summary="show the scenes of a caster as objects, to be put into Git",
        module="export.command",
    ),
    "status": Command(
        summary="show all objects with what is wrong and what to do",
        module="status.command",
    ),
    "history": Command(
        summary="show what changed an object's scene, and when",
        module="history.command",
    ),
    "restore": Command(
        summary="show an object with the audio of another time, to be applied",
        module="history.restore",
    ),
    "reconcile": Command(
        summary="have objects applied again now, and wait for the answer",
        module="by_name.reconcile",
    ),
    "suspend": Command(
        summary="suspend objects: nothing is called for them",
        module="by_name.suspend",
    ),
    "resume": Command(
        summary="resume objects that are suspended",
        module="by_name.resume",
    ),
    "desk": Command(
        summary="show the objects of a cluster as a mixer's channel strips, in a browser",
        module="desk.command",
    ),
    "completion": Command(
        summary="print the script by which bash, zsh or fish completes this program",
        module="completion",
    ),
}
