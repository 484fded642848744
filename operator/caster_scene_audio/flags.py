"""How flags are shown, and what one reads who writes a wrong one: one line, and the nearest right one."""

import argparse
import re
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, NoReturn, get_args

from pydantic.fields import FieldInfo
from typing_extensions import override

from caster_scene_audio.domain.duration import DURATION, duration_of


class OneLineParser(argparse.ArgumentParser):
    """Exits with 2 and one line, without the whole usage."""

    @override
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}{self._hint(message)} (--help shows all)\n")

    def _hint(self, message: str) -> str:
        """What was meant, perhaps."""
        if found := re.search(r"unrecognized arguments:.*?(--[\w-]+)", message):
            wrong, right = found[1], self._flags()
        elif found := re.search(r"invalid choice: '([^']*)'", message):
            wrong, right = found[1], self._commands()
        else:
            return ""
        near = get_close_matches(wrong, right, n=1, cutoff=0.5)
        return f"; did you mean {near[0]}?" if near else ""

    def _flags(self) -> list[str]:
        """Its own, and those of its commands: argparse hands what no command knows to the first."""
        flags = [flag for action in self._actions for flag in action.option_strings]
        commands = [each for each in self._choices().values() if isinstance(each, OneLineParser)]
        return flags + [flag for each in commands for flag in each._flags()]  # noqa: SLF001 (of its own kind)

    def _commands(self) -> list[str]:
        return [*self._choices()]

    def _choices(self) -> dict[str, Any]:
        commands = [each.choices for each in self._actions if isinstance(each.choices, dict)]
        return {name: parser for each in commands for name, parser in each.items()}


def metavar(name: str, field: FieldInfo) -> str:
    """What is to be written after the flag: the choices, or the name of what is asked for."""
    if chosen := choices(field):
        return f"{{{','.join(chosen)}}}"
    return "DURATION" if DURATION in field.metadata else name.upper()


def choices(field: FieldInfo) -> list[str]:
    """All that can be given; empty where it isn't one of a few words."""
    kind: Any = field.annotation
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [str(each) for each in kind]
    return [each for each in get_args(kind) if isinstance(each, str)]


def default(field: FieldInfo) -> str:
    """As it would be written; empty where there is none."""
    if not field.default or isinstance(field.default, tuple):
        return ""
    if DURATION in field.metadata:
        return duration_of(field.default)
    return f"{field.default}"
