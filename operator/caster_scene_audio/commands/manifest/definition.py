"""The CRD that is packaged with the program: its schema, and its rules evaluated.

The rules are written in the Common Expression Language, in the CRD alone.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import cel
import yaml

Schema = Mapping[str, Any]


@cache
def schema() -> Schema:
    """The schema of a whole object."""
    text = resources.files(__package__).joinpath("castersceneaudios.yaml").read_bytes()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    (version,) = yaml.load(text, Loader=loader)["spec"]["versions"]  # noqa: S506 (both are safe)
    found: Schema = version["schema"]["openAPIV3Schema"]
    return found


def broken_rules(of: Schema, value: Any) -> list[str]:
    """The messages of the rules that a value breaks; those about a change have nothing to compare.

    A value that a rule can't be asked of breaks none: its type is wrong, and that is told.
    """
    return [
        rule["message"]
        for rule in of.get("x-kubernetes-validations", ())
        if "oldSelf" not in rule["rule"] and not _holds(rule["rule"], value)
    ]


def _holds(rule: str, value: Any) -> bool:
    try:
        return bool(_program(rule).execute({"self": value}))
    except (LookupError, RuntimeError, TypeError, ValueError):
        return True


@cache
def _program(rule: str) -> Any:
    return cel.compile(rule)
