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
}
